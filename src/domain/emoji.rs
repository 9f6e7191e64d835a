//! Reactions: which emoji means what, whatever skin tone, variant or alias a platform sends.

use super::words::words;

words! {
    /// What a reaction on a card means.
    pub enum Reaction {
        /// ✅
        Sign = "sign",
        /// ❌
        Decline = "decline",
        /// ✋
        Hold = "hold",
        /// 🛑
        Stop = "stop",
    }
}

/// What the reaction means, if anything. Takes the emoji itself or a platform's name for it.
pub fn read(emoji: &str) -> Option<Reaction> {
    let name = emoji.trim_matches(':');
    let tone = name.split_once("::skin-tone-");
    // Nothing else may follow: what means something here passes the gate unread.
    let tone = tone.filter(|(_, tone)| matches!(tone.as_bytes(), [b'1'..=b'6']));
    let name = tone.map_or(name, |(name, _)| name);
    let plain: String = name.chars().filter(|c| !is_variant(*c)).collect();
    match plain.as_str() {
        "✅" | "✔" | "☑" | "white_check_mark" | "heavy_check_mark" | "ballot_box_with_check" => {
            Some(Reaction::Sign)
        }
        "❌" | "✖" | "x" | "heavy_multiplication_x" => Some(Reaction::Decline),
        "✋" | "🖐" | "hand" | "raised_hand" | "raised_hand_with_fingers_splayed" => {
            Some(Reaction::Hold)
        }
        "🛑" | "octagonal_sign" | "stop_sign" => Some(Reaction::Stop),
        _ => None,
    }
}

/// A skin tone or a variation selector.
fn is_variant(c: char) -> bool {
    matches!(c, '\u{1F3FB}'..='\u{1F3FF}' | '\u{FE0E}' | '\u{FE0F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tones_variants_and_aliases_mean_the_same() {
        let sign = ["✅", "✔️", "☑️", "✔", "white_check_mark", ":heavy_check_mark:"];
        let hold = ["✋", "✋🏽", "🖐🏿", "🖐️", "hand::skin-tone-3", ":raised_hand:"];

        assert!(sign.iter().all(|e| read(e) == Some(Reaction::Sign)));
        assert!(hold.iter().all(|e| read(e) == Some(Reaction::Hold)));
    }

    #[test]
    fn other_emoji_mean_nothing() {
        let none = ["👍", "🎉", "✍️", "💯", "", "❤️", "checkered_flag", "hand::skin-tone-Jane Roe"];

        assert!(none.iter().all(|e| read(e).is_none()));
    }
}
