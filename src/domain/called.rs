//! What people and practices may be called: a name is shown on every card and in the ledger, so it
//! must read as what it is.

/// The longest name.
const LONGEST: usize = 80;

/// Why this can't be a name; it repeats nothing of it.
pub fn unfit(name: &str) -> Option<String> {
    let why = if name.is_empty() {
        "write the name"
    } else if name.chars().count() > LONGEST || name.contains('\n') {
        return Some(format!("a name is one line of at most {LONGEST} characters"));
    } else if name.chars().any(is_unseen) {
        "a name has no signs that nobody sees or that turn its letters round: type it anew"
    } else if !name.chars().any(char::is_alphabetic) {
        "a name has letters"
    } else if name.contains(['<', '>', '`']) || name.contains("@everyone") || name.contains("@here")
    {
        "a name calls nobody and is no address: leave out <, >, ` and @"
    } else {
        return None;
    };
    Some(why.to_owned())
}

/// Changes how others read what stands beside it, or looks like nothing.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_as_what_it_is() {
        for fit in ["Northside Family Practice", "Dr. Núñez, MD", "O'Neill & Sons", "Praxis am Zoo"]
        {
            assert_eq!(unfit(fit), None, "{fit}");
        }
        let long = "x".repeat(LONGEST + 1);
        let others =
            ["", "a\nb", "North\u{202E}edis", "a\u{200B}", "12", "<!channel>", "@everyone", &long];
        for other in others {
            assert!(unfit(other).is_some(), "{other:?}");
        }
    }
}
