//! Processor time, as the system counts it.

use crate::failure::Done;
use std::fs;

/// Processor time of one process, in ticks: its own, and that of its children that have ended.
struct Ticks {
    parent: u32,
    own: u64,
    ended_children: u64,
}

/// Reads `/proc/<process>/stat`; nothing when the process has gone.
fn ticks(process: &str) -> Option<Ticks> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name is in brackets and may hold anything; the state comes right after it.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some(Ticks {
        parent: fields.get(1)?.parse().ok()?,
        own: number(11)? + number(12)?,
        ended_children: number(13)? + number(14)?,
    })
}

/// Milliseconds of one tick. Linux has shown 100 ticks a second to programs on every usual machine for decades.
const TICK: f64 = 10.0;

/// Milliseconds that this process used, all its threads together.
pub fn of_this_process() -> Done<f64> {
    Ok(ticks("self").ok_or("no /proc/self/stat")?.own as f64 * TICK)
}

/// Milliseconds that a PostgreSQL cluster used: its first process, all below it, and those that have ended.
pub fn of_cluster(first: u32) -> Done<f64> {
    let top = ticks(&first.to_string()).ok_or("the database has gone")?;
    let mut sum = top.own + top.ended_children;
    for entry in fs::read_dir("/proc")?.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| name.bytes().all(|byte| byte.is_ascii_digit())) else { continue };
        if let Some(found) = ticks(name).filter(|found| found.parent == first) {
            sum += found.own;
        }
    }
    Ok(sum as f64 * TICK)
}

/// The process that started another one.
pub fn parent_of(process: u32) -> Done<u32> {
    Ok(ticks(&process.to_string()).ok_or("no such process")?.parent)
}
