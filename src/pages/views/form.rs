//! What is wrong in a form, said twice: on top of the page with a link to the field, and beside the field.

/// One thing that is wrong, in the person's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The `id` of the field in which to mend it.
    pub field: &'static str,
    /// What to do, as a sentence.
    pub message: String,
}

/// Everything that is wrong in a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Whether the form is as it should be.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many things are wrong.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// All of it, in the order of the form's fields.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// What is wrong with one field, to be said beside it. Empty when nothing is.
    pub fn of(&self, field: &str) -> &str {
        self.0.iter().find(|problem| problem.field == field).map_or("", |problem| &problem.message)
    }
}

impl FromIterator<(&'static str, String)> for Problems {
    fn from_iter<I: IntoIterator<Item = (&'static str, String)>>(problems: I) -> Self {
        Self(problems.into_iter().map(|(field, message)| Problem { field, message }).collect())
    }
}
