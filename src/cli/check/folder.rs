//! The data folder: there, its owner's alone, with room, on a disk that is fast enough.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use jiff::SignedDuration;

use super::Finding;
use crate::cli::world::RealClock;
use crate::ports::clock::Clock;
use crate::web::vitals::free_bytes;

/// So many writes are timed; the one in the middle counts.
const SYNCS: usize = 7;
/// What a write to the ledger may take without being felt.
const SLOW: SignedDuration = SignedDuration::from_millis(20);
/// Less than this is soon full.
const LOW_MEGABYTES: u64 = 1_000;
/// Less than this is full.
const FULL_MEGABYTES: u64 = 50;

/// Looks at the folder, its room and its disk.
pub(super) async fn look(findings: &mut Vec<Finding>, data: &Path) {
    let at = data.display();
    match fs::metadata(data) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let what = format!("{at} is not there yet; it is made at the first start");
            return findings.push(Finding::ok("folder", what));
        }
        Err(error) => {
            let todo = format!("see that you may read {at}");
            return findings.push(Finding::fail("folder", format!("{at}: {error}"), todo));
        }
        Ok(there) if !there.is_dir() => {
            let what = format!("{at} is no folder");
            return findings.push(Finding::fail("folder", what, "name a folder with --data DIR"));
        }
        Ok(_) => {}
    }
    let open = open_to_others(data);
    findings.push(match open.first() {
        None => Finding::ok("folder", format!("{at} is yours alone")),
        Some(path) => {
            let what = format!("others on this machine can look into {path}");
            Finding::warn("folder", what, format!("chmod -R go= {at}"))
        }
    });
    findings.push(room(data));
    let folder = data.to_owned();
    let timed = tokio::task::spawn_blocking(move || sync_time(&folder)).await;
    findings.push(match timed {
        Ok(Ok(took)) => speed(took),
        Ok(Err(error)) => Finding::fail(
            "disk",
            format!("{at} can't be written: {error}"),
            format!("see that you may write into {at}"),
        ),
        Err(_) => Finding::fail("disk", "it could not be tried", "look at the disk"),
    });
}

/// What in the folder has a mode that lets others in.
fn open_to_others(data: &Path) -> Vec<String> {
    let keys = data.join("keys");
    let inside = [data, keys.as_path()].into_iter().flat_map(fs::read_dir).flatten().flatten();
    let all = inside.map(|entry| entry.path()).chain([data.to_owned()]);
    let is_open = |path: &std::path::PathBuf| {
        fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
    };
    let mut open: Vec<_> = all.filter(is_open).map(|path| path.display().to_string()).collect();
    open.sort();
    open
}

fn room(data: &Path) -> Finding {
    let todo = "make room for the data: nothing is published that can't be written down";
    match free_bytes(data).map(|bytes| bytes / 1_000_000) {
        None => Finding::warn("room", "how much is free can't be seen", ""),
        Some(free) if free < FULL_MEGABYTES => {
            Finding::fail("room", format!("{free} MB are free"), todo)
        }
        Some(free) if free < LOW_MEGABYTES => {
            Finding::warn("room", format!("{free} MB are free"), todo)
        }
        Some(free) => Finding::ok("room", format!("{free} MB are free")),
    }
}

/// How long the disk takes to keep 4 KiB for good.
fn sync_time(data: &Path) -> std::io::Result<SignedDuration> {
    let path = data.join(format!("check.{}", std::process::id()));
    let mut file = File::create_new(&path)?;
    let mut took = Vec::new();
    let mut tries = || -> std::io::Result<()> {
        for _ in 0..SYNCS {
            let began = RealClock.steady();
            file.write_all(&[0; 4096])?;
            file.sync_data()?;
            took.push(RealClock.steady() - began);
        }
        Ok(())
    };
    let done = tries();
    fs::remove_file(&path)?;
    done?;
    took.sort();
    Ok(took[took.len() / 2])
}

fn speed(took: SignedDuration) -> Finding {
    let what = format!("a write is safe after {:.1} ms", took.as_secs_f64() * 1000.0);
    if took <= SLOW {
        return Finding::ok("disk", what);
    }
    let todo = "put the data on a faster disk: every sign-off waits for such a write, and some";
    Finding::warn("disk", what, format!("{todo} wait in line"))
}
