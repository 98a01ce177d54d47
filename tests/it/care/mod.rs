//! What an operator does at three in the morning, with people at the doors: exchanging keys, keeping a copy, bringing it back.

mod backup;
mod command_line;
mod doctor;
mod installation;
mod keys_index;
mod keys_master;
mod keys_relying;
mod keys_sealing;
mod keys_signing;
mod newcomers;
