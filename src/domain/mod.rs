//! Pure: what a post, a sign-off, a window, a publication and the ledger are.
