//! Nobody sees what is not theirs, and nobody changes it.

mod partners;
mod photos;
mod strangers;
mod table;
