//! What every form is made of.

use crate::ports::notice::{Choice, FieldKind, FormField};

/// A field with what stands in it at first.
pub(super) fn field(name: &str, label: &str, value: impl Into<String>) -> FormField {
    FormField {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: String::new(),
        value: value.into(),
        leads: false,
        kind: FieldKind::Line,
    }
}

/// Something that can be chosen.
pub(super) fn choice(id: impl Into<String>, label: impl Into<String>) -> Choice {
    Choice { id: id.into(), label: label.into() }
}

impl FormField {
    /// The same, with how to fill it in.
    #[must_use]
    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// The same, going with each part of its form.
    #[must_use]
    pub(super) fn leads(self) -> Self {
        Self { leads: true, ..self }
    }

    /// The same, for several lines.
    #[must_use]
    pub(super) fn lines(self) -> Self {
        Self { kind: FieldKind::Lines, ..self }
    }

    /// The same, where one of these is chosen.
    #[must_use]
    pub(super) fn one(self, of: Vec<Choice>) -> Self {
        Self { kind: FieldKind::One { of }, ..self }
    }

    /// The same, where any number of these is chosen.
    #[must_use]
    pub(super) fn many(self, of: Vec<Choice>) -> Self {
        Self { kind: FieldKind::Many { of }, ..self }
    }
}

/// What was chosen in a field where any number can be: a line each, without empty ones.
pub(super) fn chosen(value: &str) -> impl Iterator<Item = &str> {
    value.lines().map(str::trim).filter(|line| !line.is_empty())
}
