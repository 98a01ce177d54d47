//! What the policies as a whole must do: the shipped ones, and those that somebody might load.

mod attacks;
mod loading;
mod matrix;
