//! Traits towards the world, and the plain values that cross them.
