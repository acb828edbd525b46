//! What people write when they need help at once, what they write every day, and what a community may not read.

#![cfg(test)]

mod dangers;
mod letters;
mod matters;
