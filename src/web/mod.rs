//! Health, and the page of the local workspace.
