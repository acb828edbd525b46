//! Nobody sees what is not theirs, and nobody changes it.

mod attacks;
mod partners;
mod photos;
mod reveal;
mod strangers;
mod table;
