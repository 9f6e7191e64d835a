//! Admits a picture: decodes it whole and writes it anew, so that only what is seen goes on.
//!
//! What comes in is told by its content, never by its name. What goes out is a still JPEG or PNG
//! without EXIF (place, time, device), color profile, comments or anything behind the picture's end,
//! small enough for every network. Sizes are read from the header and checked before a pixel is
//! decoded, so a decompression bomb costs nothing. The same bytes in give the same bytes out. It is
//! pure computing: it reads and stores nothing.

use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType, PngDecoder, PngEncoder};
use image::error::{LimitError, LimitErrorKind};
use image::imageops::FilterType as Resampling;
use image::{DynamicImage, ImageDecoder, ImageError, ImageResult, Limits};
use sha2::{Digest, Sha256};

/// The largest file that is looked at.
pub const LARGEST_FILE: usize = 10_000_000;
/// The largest picture that leaves.
pub const LARGEST_PICTURE: usize = 1_000_000;

/// The longest side, and the most pixels, that are decoded.
const LONGEST_SIDE: u32 = 8192;
const MOST_PIXELS: u64 = 40_000_000;
/// The most memory that decoding may take: 40 million pixels of four bytes, and room to work.
const MOST_MEMORY: u64 = 256 << 20;
/// A progressive JPEG is painted in about ten passes; each further one only costs time.
const MOST_PASSES: usize = 32;
/// A PNG's last chunk: it is empty.
const END_OF_PNG: &[u8] = b"\0\0\0\0IEND\xAE\x42\x60\x82";
/// The longest sides that are tried, and the qualities of a JPEG at each, until the file is small enough.
const SIDES: [u32; 4] = [2048, 1600, 1200, 800];
const QUALITIES: [u8; 3] = [90, 80, 70];

/// A picture that may be kept, signed and published.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file, written anew.
    pub bytes: Vec<u8>,
    /// `image/jpeg` or `image/png`.
    pub media_type: &'static str,
    /// In pixels, as it is seen.
    pub width: u32,
    /// In pixels, as it is seen.
    pub height: u32,
    /// Of `bytes`.
    pub sha256: [u8; 32],
}

impl std::fmt::Debug for Picture {
    /// Says what kind of picture it is, and never shows it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Picture({} {}x{}, {} bytes)",
            self.media_type,
            self.width,
            self.height,
            self.bytes.len()
        )
    }
}

/// Why a file is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each sentence says it")]
pub enum PictureRefusal {
    #[error("this file is over 10 MB: post a smaller one")]
    FileTooLarge,
    #[error(
        "this picture has too many pixels: scale it down to 8192 on the longest side, and to 40 megapixels, and post it again"
    )]
    TooManyPixels,
    #[error("this picture is still over 1 MB when scaled down: save it as a JPEG and post that")]
    StaysTooLarge,
    #[error("this picture is damaged or cut off: save it anew and post it again")]
    Damaged,
    #[error("animated pictures can't be posted yet: save one frame as a JPEG or PNG and post that")]
    Animated,
    #[error(
        "videos can't be posted until they can have captions: post a still picture of it as a JPEG or PNG"
    )]
    Video,
    #[error(
        "WebP, AVIF and TIFF pictures can't be posted yet: save it as a JPEG or PNG and post that"
    )]
    OtherPicture,
    #[error("iPhone photos in HEIC can't be posted yet: save it as a JPEG and post that")]
    Heic,
    #[error("documents can't be posted: post a picture of the page as a JPEG or PNG")]
    Document,
    #[error("this file isn't a picture, whatever its name says: post a JPEG or PNG")]
    NotAPicture,
}

impl From<ImageError> for PictureRefusal {
    fn from(error: ImageError) -> PictureRefusal {
        match error {
            ImageError::Limits(_) => PictureRefusal::TooManyPixels,
            _ => PictureRefusal::Damaged,
        }
    }
}

/// Makes of a file a picture that may be kept, or says why not.
pub fn admit(bytes: &[u8]) -> Result<Picture, PictureRefusal> {
    if bytes.len() > LARGEST_FILE {
        return Err(PictureRefusal::FileTooLarge);
    }
    match kind_of(bytes)? {
        Kind::Jpeg => {
            let whole = up_to_end_of_jpeg(bytes).ok_or(PictureRefusal::Damaged)?;
            let image = JpegDecoder::new(Cursor::new(whole)).and_then(decoded)?;
            smallest(&image, Kind::Jpeg)
        }
        Kind::Png => {
            let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits())?;
            if decoder.is_apng()? {
                return Err(PictureRefusal::Animated);
            }
            smallest(&decoded(decoder)?, Kind::Png)
        }
    }
}

/// Looks at a picture that was signed, and so must stay as it is, byte for byte: it is one still
/// picture, no larger than what leaves here, with nothing behind its end. Says its media type.
pub fn look(bytes: &[u8]) -> Result<&'static str, PictureRefusal> {
    if bytes.len() > LARGEST_PICTURE {
        return Err(PictureRefusal::StaysTooLarge);
    }
    match kind_of(bytes)? {
        Kind::Jpeg => {
            if up_to_end_of_jpeg(bytes) != Some(bytes) {
                return Err(PictureRefusal::Damaged);
            }
            JpegDecoder::new(Cursor::new(bytes)).and_then(decoded)?;
            Ok("image/jpeg")
        }
        Kind::Png => {
            let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits())?;
            if decoder.is_apng()? {
                return Err(PictureRefusal::Animated);
            }
            decoded(decoder)?;
            if bytes.ends_with(END_OF_PNG) { Ok("image/png") } else { Err(PictureRefusal::Damaged) }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Jpeg,
    Png,
}

/// What a file is, by its first bytes.
fn kind_of(bytes: &[u8]) -> Result<Kind, PictureRefusal> {
    let brand = bytes.get(8..12).unwrap_or_default();
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Ok(Kind::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Ok(Kind::Png),
        [b'G', b'I', b'F', b'8', ..] => Err(PictureRefusal::Animated),
        [b'R', b'I', b'F', b'F', ..] if brand == b"WEBP" => Err(PictureRefusal::OtherPicture),
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] | [b'B', b'M', ..] => {
            Err(PictureRefusal::OtherPicture)
        }
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Err(match brand {
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => {
                PictureRefusal::Heic
            }
            b"avif" | b"avis" => PictureRefusal::OtherPicture,
            _ => PictureRefusal::Video,
        }),
        [b'R', b'I', b'F', b'F', ..] if brand == b"AVI " => Err(PictureRefusal::Video),
        [_, _, _, _, b'm', b'o', b'o', b'v', ..] | [_, _, _, _, b'm', b'd', b'a', b't', ..] => {
            Err(PictureRefusal::Video)
        }
        [0x1A, 0x45, 0xDF, 0xA3, ..] | [0, 0, 1, 0xBA | 0xB3, ..] => Err(PictureRefusal::Video),
        [b'%', b'P', b'D', b'F', ..] | [b'P', b'K', 3, 4, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            Err(PictureRefusal::Document)
        }
        _ => Err(PictureRefusal::NotAPicture),
    }
}

/// The file up to the marker that ends the picture; `None` if it has none, or too many passes.
///
/// The decoder fills a cut-off JPEG with gray and says nothing, so the marker is looked for here. A
/// preview inside the header has such a marker too; it is stepped over with its segment.
fn up_to_end_of_jpeg(bytes: &[u8]) -> Option<&[u8]> {
    let mut at = 2;
    let mut passes = 0;
    while passes <= MOST_PASSES {
        at += bytes.get(at..)?.iter().position(|&b| b == 0xFF)?;
        match *bytes.get(at + 1)? {
            0xFF => at += 1,
            0xD9 => return bytes.get(..at + 2),
            0x00 | 0x01 | 0xD0..=0xD8 => at += 2,
            marker => {
                passes += usize::from(marker == 0xDA);
                let length = bytes.get(at + 2..at + 4)?;
                at += 2 + usize::from(u16::from_be_bytes([length[0], length[1]]));
            }
        }
    }
    None
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

/// The pixels, turned as the camera was held. Checks the size before it decodes.
fn decoded(mut decoder: impl ImageDecoder) -> ImageResult<DynamicImage> {
    let mut limits = limits();
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(ImageError::Limits(LimitError::from_kind(LimitErrorKind::DimensionError)));
    }
    limits.check_dimensions(width, height)?;
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    let orientation = decoder.orientation()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    Ok(image)
}

/// The first file that is small enough: sides and qualities are tried from large to small.
fn smallest(image: &DynamicImage, kind: Kind) -> Result<Picture, PictureRefusal> {
    let longest = image.width().max(image.height());
    let shorter = SIDES[1..].iter().filter(|&&side| side < longest);
    for &side in SIDES[..1].iter().chain(shorter) {
        let scaled = scaled_to(image, side);
        let qualities: &[u8] = if kind == Kind::Jpeg { &QUALITIES } else { &[100] };
        for &quality in qualities {
            let bytes = encoded(&scaled, kind, quality)?;
            if bytes.len() <= LARGEST_PICTURE {
                return Ok(picture(bytes, kind, &scaled));
            }
        }
    }
    Err(PictureRefusal::StaysTooLarge)
}

/// Eight bits a channel, as every network takes it, and no side longer than `side`.
fn scaled_to(image: &DynamicImage, side: u32) -> DynamicImage {
    let image = match image {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageLumaA8(_) | DynamicImage::ImageRgb8(_) => {
            image.clone()
        }
        _ if image.color().has_alpha() => DynamicImage::ImageRgba8(image.to_rgba8()),
        _ => DynamicImage::ImageRgb8(image.to_rgb8()),
    };
    if image.width().max(image.height()) <= side {
        return image;
    }
    image.resize(side, side, Resampling::Triangle)
}

fn encoded(image: &DynamicImage, kind: Kind, quality: u8) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    match kind {
        Kind::Jpeg => {
            image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))?;
        }
        Kind::Png => {
            let encoder = PngEncoder::new_with_quality(
                &mut bytes,
                CompressionType::Default,
                FilterType::Adaptive,
            );
            image.write_with_encoder(encoder)?;
        }
    }
    Ok(bytes)
}

fn picture(bytes: Vec<u8>, kind: Kind, image: &DynamicImage) -> Picture {
    let media_type = match kind {
        Kind::Jpeg => "image/jpeg",
        Kind::Png => "image/png",
    };
    let sha256 = Sha256::digest(&bytes).into();
    Picture { bytes, media_type, width: image.width(), height: image.height(), sha256 }
}

#[cfg(test)]
mod tests {

    use image::{Rgb, RgbImage, Rgba, RgbaImage};
    use proptest::prelude::*;

    use super::*;

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let image = RgbImage::from_fn(width, height, |x, y| {
            Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 90])
        });
        encoded(&image.into(), Kind::Jpeg, 90).expect("a picture in memory can be written")
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let image =
            RgbaImage::from_fn(width, height, |x, _| Rgba([200, 10, 10, x.to_le_bytes()[0]]));
        encoded(&image.into(), Kind::Png, 100).expect("a picture in memory can be written")
    }

    /// Puts a segment right after the start of a JPEG.
    fn with_segment(jpeg: &[u8], marker: u8, payload: &[u8]) -> Vec<u8> {
        let length = u16::try_from(payload.len() + 2).expect("a segment is short").to_be_bytes();
        [&jpeg[..2], &[0xFF, marker], &length, payload, &jpeg[2..]].concat()
    }

    /// EXIF that says how the camera was held and, in a GPS entry, where.
    fn exif(orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
        exif.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
        exif.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]);
        exif.extend([0; 4]);
        exif.extend(b"GPS 30.2672N 97.7431W \xFF\xD9");
        exif
    }

    fn png_header_claiming(width: u32, height: u32) -> Vec<u8> {
        let mut chunk = b"IHDR".to_vec();
        chunk.extend(width.to_be_bytes());
        chunk.extend(height.to_be_bytes());
        chunk.extend([8, 6, 0, 0, 0]);
        let crc = crc32(&chunk).to_be_bytes();
        [
            b"\x89PNG\r\n\x1A\n".as_slice(),
            &[0, 0, 0, 13],
            &chunk,
            &crc,
            &[0, 0, 0, 0],
            b"IDAT",
            &[0x35, 0xAF, 0x06, 0x1E],
        ]
        .concat()
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
        })
    }

    fn holds(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn place_and_device_are_gone_and_the_picture_stands_upright() {
        let sideways = with_segment(&jpeg(40, 20), 0xE1, &exif(6));
        let tagged = with_segment(&sideways, 0xFE, b"patient Jane Doe");
        let picture = admit(&tagged).expect("a photo of a telephone is admitted");
        assert_eq!((picture.media_type, picture.width, picture.height), ("image/jpeg", 20, 40));
        for part in [b"Exif".as_slice(), b"GPS", b"Jane"] {
            assert!(holds(&tagged, part) && !holds(&picture.bytes, part));
        }
        assert_eq!(picture.sha256, <[u8; 32]>::from(Sha256::digest(&picture.bytes)));
    }

    #[test]
    fn what_hangs_behind_the_end_is_dropped() {
        for file in [jpeg(30, 30), png(30, 30)] {
            let picture = admit(&[file.as_slice(), b"PK\x03\x04 <script> secret"].concat())
                .expect("it is a picture");
            assert!(!holds(&picture.bytes, b"secret"));
            assert_eq!(Ok(picture), admit(&file), "the tail changes nothing");
        }
    }

    #[test]
    fn what_was_signed_is_looked_at_and_stays_as_it_is() {
        for file in [jpeg(30, 30), png(30, 30)] {
            let made = admit(&file).expect("it is a picture");
            assert_eq!(look(&made.bytes), Ok(made.media_type));
            let tail = [made.bytes.as_slice(), b"<script>"].concat();
            assert_eq!(look(&tail), Err(PictureRefusal::Damaged));
            assert_eq!(look(&made.bytes[..made.bytes.len() / 2]), Err(PictureRefusal::Damaged));
        }
        assert_eq!(look(b"MZ not a picture"), Err(PictureRefusal::NotAPicture));
        assert_eq!(look(&png_header_claiming(8192, 8192)), Err(PictureRefusal::TooManyPixels));
        let large = vec![0xFF; LARGEST_PICTURE + 1];
        assert_eq!(look(&large), Err(PictureRefusal::StaysTooLarge));
    }

    #[test]
    fn a_png_keeps_its_kind_and_its_transparency() {
        let picture = admit(&png(30, 20)).expect("it is a picture");
        let image = image::load_from_memory(&picture.bytes).expect("it can be read").to_rgba8();
        assert_eq!(picture.media_type, "image/png");
        assert_eq!(image.get_pixel(7, 3), &Rgba([200, 10, 10, 7]));
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_decoded() {
        for (width, height) in [(60_000, 60_000), (8192, 8192), (8193, 1), (u32::MAX >> 1, 1)] {
            assert_eq!(
                admit(&png_header_claiming(width, height)),
                Err(PictureRefusal::TooManyPixels),
                "{width}x{height}"
            );
        }
        let mut huge = jpeg(16, 16);
        let frame =
            huge.windows(2).position(|marker| marker == [0xFF, 0xC0]).expect("it has a frame");
        huge[frame + 5..frame + 9].copy_from_slice(&[0xEA, 0x60, 0xEA, 0x60]);
        // Decoding would have said `Damaged`: there is nothing behind these headers.
        assert_eq!(admit(&huge), Err(PictureRefusal::TooManyPixels));
    }

    #[test]
    fn a_cut_off_file_is_refused() {
        for file in [jpeg(200, 200), with_segment(&jpeg(200, 200), 0xE1, &exif(1)), png(200, 200)] {
            for part in [file.len() / 2, file.len() * 9 / 10, 20] {
                assert_eq!(admit(&file[..part]), Err(PictureRefusal::Damaged));
            }
        }
    }

    #[test]
    fn other_files_are_refused_with_a_word_on_what_to_do() {
        for (file, refusal) in [
            (b"our patient list, renamed to photo.jpg".as_slice(), PictureRefusal::NotAPicture),
            (b"", PictureRefusal::NotAPicture),
            (b"GIF89a\x01\x00\x01\x00", PictureRefusal::Animated),
            (b"RIFF\x10\0\0\0WEBPVP8 ", PictureRefusal::OtherPicture),
            (b"\0\0\0\x18ftypheic\0\0\0\0", PictureRefusal::Heic),
            (b"\0\0\0\x18ftypisom\0\0\0\0", PictureRefusal::Video),
            (b"\0\0\0\x18ftypqt  \0\0\0\0", PictureRefusal::Video),
            (b"\x1A\x45\xDF\xA3webm", PictureRefusal::Video),
            (b"%PDF-1.7", PictureRefusal::Document),
        ] {
            assert_eq!(admit(file), Err(refusal));
            let sentence = refusal.to_string();
            assert!(sentence.contains(": ") && !sentence.ends_with('.'), "{sentence}");
        }
        assert_eq!(admit(&vec![0xFF; LARGEST_FILE + 1]), Err(PictureRefusal::FileTooLarge));
    }

    #[test]
    fn a_large_photo_is_scaled_down_and_noise_is_made_to_fit() {
        let photo = admit(&jpeg(3000, 1500)).expect("it is a picture");
        assert_eq!((photo.width, photo.height), (2048, 1024));

        let mut state = 1_u32;
        let mut noise = |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [_, a, b, c] = state.to_le_bytes();
            Rgb([a, b, c])
        };
        let image = RgbImage::from_fn(1100, 1100, &mut noise).into();
        let file = encoded(&image, Kind::Jpeg, 90).expect("a picture in memory can be written");
        let fitted = admit(&file).expect("a JPEG can be made to fit");
        assert!(file.len() > LARGEST_PICTURE && fitted.bytes.len() <= LARGEST_PICTURE);
        assert_eq!(
            fitted,
            admit(&file).expect("a JPEG can be made to fit"),
            "the same bytes every time"
        );

        let file = encoded(&image, Kind::Png, 100).expect("a picture in memory can be written");
        assert_eq!(admit(&file), Err(PictureRefusal::StaysTooLarge));
    }

    proptest! {
        #[test]
        fn a_damaged_file_never_panics(at in 0..600_usize, byte: u8, is_jpeg: bool) {
            let mut file = if is_jpeg { with_segment(&jpeg(24, 24), 0xE1, &exif(3)) } else { png(24, 24) };
            let at = at % file.len();
            file[at] = byte;
            let _ = admit(&file);
            let _ = admit(&file[..at]);
        }
    }
}
