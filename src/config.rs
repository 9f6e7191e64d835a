//! Settings, checked whole at start; secrets in them cannot be printed.
