//! A notice and its words to a message of the local world. Pure.

use super::messages::Written;
use super::transcript::Picture;
use crate::ports::notice::{CardView, Notice, PictureView, View};
use crate::render;
use crate::render::shown::shown;

/// The view as this platform puts it in words. Pictures stand beside the words with their alt
/// text, and what was not kept does not stand in a channel either.
pub(super) fn said(view: &View) -> View {
    match view.clone() {
        View::Card(card) => View::Card(CardView { pictures: Vec::new(), ..card }),
        View::Draft(card) => View::Draft(CardView { pictures: Vec::new(), ..card }),
        View::AtDesk { practice, shows } => {
            View::AtDesk { practice, shows: Box::new(said(&shows)) }
        }
        View::Blocked { kinds, mend, .. } => View::Blocked { kinds, mend, still_there: false },
        view => view,
    }
}

/// The message that shows the notice; the words are `CommonMark`.
pub(super) fn written(notice: &Notice, words: String) -> Written {
    Written {
        view: render::name(&notice.view),
        text: words,
        buttons: notice.buttons.clone(),
        pictures: card(&notice.view).map(pictures).unwrap_or_default(),
        reactions: notice.reactions.clone(),
    }
}

/// The card or draft that shows pictures; a draft that is none any more is only words.
fn card(view: &View) -> Option<&CardView> {
    match view {
        View::Card(card) => Some(card),
        View::Draft(card) if card.standing.is_empty() => Some(card),
        View::AtDesk { shows, .. } => card(shows),
        _ => None,
    }
}

fn pictures(card: &CardView) -> Vec<Picture> {
    let picture = |picture: &PictureView| Picture {
        url: format!("/local/api/media/{}", picture.sha256),
        alt: shown(&picture.alt),
    };
    card.pictures.iter().map(picture).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::notice::{Button, Weight};

    #[test]
    fn a_card_brings_its_pictures_buttons_and_reactions() {
        let button = Button {
            id: "sign:1".to_owned(),
            label: "Sign".to_owned(),
            weight: Weight::Primary,
            form: Vec::new(),
        };
        let notice = Notice {
            view: View::Card(CardView {
                number: 1,
                revision: 1,
                hash: "abcdef12".to_owned(),
                sample: true,
                author: "Maya".to_owned(),
                parts: Vec::new(),
                pictures: vec![PictureView {
                    sha256: "00ff".to_owned(),
                    alt: "Our door".to_owned(),
                }],
                slot: String::new(),
                at: 0,
                window: String::new(),
                audience: "patients".to_owned(),
                source: String::new(),
                blocking: Vec::new(),
                findings: Vec::new(),
                standing: String::new(),
                sign_offs: Vec::new(),
                blocked: String::new(),
                replaced_by: 0,
                changes: Vec::new(),
                signable: true,
                cut: false,
            }),
            buttons: vec![button.clone()],
            reactions: vec!["✅".to_owned()],
        };

        let written = written(&notice, "**Post 1**".to_owned());

        assert_eq!(
            written,
            Written {
                view: "card",
                text: "**Post 1**".to_owned(),
                buttons: vec![button],
                pictures: vec![Picture {
                    url: "/local/api/media/00ff".to_owned(),
                    alt: "Our door".to_owned(),
                }],
                reactions: vec!["✅".to_owned()],
            }
        );
    }

    #[test]
    fn words_leave_out_what_stands_beside_them_and_what_does_not_stand() {
        let (kinds, mend) = (Vec::new(), Vec::new());
        let blocked = View::Blocked { kinds, mend, still_there: true };

        assert!(matches!(said(&blocked), View::Blocked { still_there: false, .. }));
    }

    #[test]
    fn other_notices_have_no_pictures() {
        let notice = Notice { view: View::Unscreened, buttons: Vec::new(), reactions: Vec::new() };

        assert!(written(&notice, "again".to_owned()).pictures.is_empty());
    }
}
