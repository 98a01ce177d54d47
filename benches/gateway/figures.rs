//! Figures of several rounds.

/// One figure a round.
#[derive(Clone, Default)]
pub struct Figures(Vec<f64>);

impl Figures {
    /// Takes one more.
    pub fn push(&mut self, figure: f64) {
        self.0.push(figure);
    }

    /// The one in the middle.
    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// The least.
    pub fn least(&self) -> f64 {
        self.0.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// The median of what each round was of the other's: a machine that is busy for a round counts in both.
    pub fn ratio_to(&self, other: &Figures) -> f64 {
        Figures(self.0.iter().zip(&other.0).map(|(own, other)| own / other).collect()).median()
    }
}

impl FromIterator<f64> for Figures {
    fn from_iter<I: IntoIterator<Item = f64>>(figures: I) -> Self {
        Self(figures.into_iter().collect())
    }
}
