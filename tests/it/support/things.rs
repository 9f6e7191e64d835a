//! Things that tests hold in their hands.

use countersign::cli::sample;
use countersign::ports::chat::MessageRef;
use ed25519_dalek::SigningKey;

/// The key of the test's ledger.
pub fn ledger_key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// A message of the local workspace.
pub fn message_in(channel: &str, message: &str) -> MessageRef {
    MessageRef { channel: sample::channel(channel), message: message.to_owned() }
}

/// A small picture.
pub fn a_picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(8, 8, image::Rgb([20, 120, 90]));
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}
