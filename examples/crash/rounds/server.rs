//! The server as a process of its own.

use super::Failure;
use std::fs::{self, OpenOptions};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

/// Opening takes milliseconds; a server that is not ready by then will never be.
const READY: Duration = Duration::from_secs(60);

/// A running server. Killed when dropped.
pub(crate) struct Server {
    child: Child,
    addr: SocketAddr,
    said: PathBuf,
}

impl Server {
    /// Starts it, and waits until it is ready.
    pub(crate) fn start(program: &Path, data: &Path) -> Result<Self, Failure> {
        Self::start_with(program, data, &[])
    }

    /// Starts it with more arguments.
    pub(crate) fn start_with(program: &Path, data: &Path, more: &[&str]) -> Result<Self, Failure> {
        let said = stderr_file(data);
        let (mut child, ready) = spawn(program, data, more, &said)?;
        match ready.recv_timeout(READY) {
            Ok(addr) => Ok(Self { child, addr, said }),
            Err(why) => {
                child.kill()?;
                let status = child.wait()?;
                let said = fs::read_to_string(&said).unwrap_or_default();
                Err(format!("the server did not start ({why}, {status}):\n{said}").into())
            }
        }
    }

    /// Starts it, and kills it after this time or when it is ready, whichever comes first.
    pub(crate) fn start_and_kill(program: &Path, data: &Path, after: Duration) -> Result<(), Failure> {
        let said = stderr_file(data);
        let (mut child, ready) = spawn(program, data, &[], &said)?;
        let ended = ready.recv_timeout(after) == Err(RecvTimeoutError::Disconnected);
        child.kill()?;
        let status = child.wait()?;
        if ended {
            return Err(format!("the server ended by itself ({status}); see {}", said.display()).into());
        }
        no_panic(&said)
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Where it listens.
    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Kills it with SIGKILL, and waits until it is gone.
    pub(crate) fn kill(mut self) -> Result<(), Failure> {
        self.child.kill()?;
        self.child.wait()?;
        no_panic(&self.said)
    }

    /// Stops it as Ctrl-C does; it must end with 0.
    pub(crate) fn stop(mut self) -> Result<(), Failure> {
        let sent = Command::new("kill").args(["-INT", &self.id().to_string()]).status()?;
        let status = self.child.wait()?;
        if !sent.success() || !status.success() {
            return Err(format!("the server did not stop cleanly: {status}").into());
        }
        no_panic(&self.said)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After `kill` and `stop` there is nothing left to do, and these fail.
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

/// Beside the data directory, so that a server which makes it finds nothing there.
fn stderr_file(data: &Path) -> PathBuf {
    data.with_extension("stderr")
}

fn spawn(
    program: &Path,
    data: &Path,
    more: &[&str],
    said: &Path,
) -> Result<(Child, Receiver<SocketAddr>), Failure> {
    let stderr = OpenOptions::new().create(true).append(true).open(said)?;
    let mut child = Command::new(program)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .args(more)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(stderr)
        .spawn()?;
    let stdout = child.stdout.take().ok_or("the server has no output")?;
    let (sender, ready) = mpsc::channel();
    // Ends with the server.
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let addr =
                line.split_once("http://").and_then(|(_, rest)| rest.trim_end_matches('/').parse().ok());
            if let Some(addr) = addr {
                // Nobody waits any more when it was killed meanwhile.
                let _gone = sender.send(addr);
            }
        }
    });
    Ok((child, ready))
}

fn no_panic(said: &Path) -> Result<(), Failure> {
    let text = fs::read_to_string(said)?;
    if text.contains("panicked at") { Err(format!("the server panicked:\n{text}").into()) } else { Ok(()) }
}

/// Verifies the log of a stopped server; answers how many commits it holds.
pub(crate) fn verified_commits(program: &Path, data: &Path) -> Result<usize, Failure> {
    let verified = Command::new(program).args(["verify", "--json", "--data"]).arg(data).output()?;
    let said = String::from_utf8_lossy(&verified.stderr);
    if !verified.status.success() {
        return Err(format!("the log does not verify: {said}").into());
    }
    let proof: serde_json::Value = serde_json::from_slice(&verified.stdout)?;
    let commits = proof["commits"].as_u64().filter(|_| proof["intact"] == true);
    Ok(usize::try_from(commits.ok_or_else(|| format!("not a proof: {proof}"))?)?)
}
