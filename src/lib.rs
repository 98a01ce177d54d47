//! Poort.
