//! The social networks, one file each.
