//! A notice and its words to a message of the local world. Pure.

use super::messages::Written;
use super::transcript::Picture;
use crate::ports::notice::{CardView, Notice, View};

/// The message that shows the notice; the words are `CommonMark`.
pub(super) fn written(notice: &Notice, words: String) -> Written {
    Written {
        text: words,
        buttons: notice.buttons.clone(),
        pictures: card(&notice.view).map(pictures).unwrap_or_default(),
        reactions: notice.reactions.clone(),
    }
}

fn card(view: &View) -> Option<&CardView> {
    match view {
        View::Card(card) | View::Draft(card) => Some(card),
        _ => None,
    }
}

fn pictures(card: &CardView) -> Vec<Picture> {
    let picture = |picture: &crate::ports::notice::PictureView| Picture {
        url: format!("/local/api/media/{}", picture.sha256),
        alt: picture.alt.clone(),
    };
    card.pictures.iter().map(picture).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::notice::{Button, PictureView, Weight};

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
                window: String::new(),
                findings: Vec::new(),
                standing: String::new(),
                sign_offs: Vec::new(),
                blocked: String::new(),
                replaced_by: 0,
            }),
            buttons: vec![button.clone()],
            reactions: vec!["✅".to_owned()],
        };

        let written = written(&notice, "**Post 1**".to_owned());

        assert_eq!(
            written,
            Written {
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
    fn other_notices_have_no_pictures() {
        let notice = Notice { view: View::Unscreened, buttons: Vec::new(), reactions: Vec::new() };

        assert!(written(&notice, "again".to_owned()).pictures.is_empty());
    }
}
