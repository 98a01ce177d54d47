//! What can go wrong on the way to a register, and who is to blame: that decides the status, the log's level and whether
//! trying again makes sense. The pages are made elsewhere.

use std::error::Error;

use http::StatusCode;

use super::guard::{Foreign, ProfileName};
use crate::http::body::UploadError;

/// Who is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// The client: nothing for an operator to do.
    Client,
    /// The gateway or its configuration.
    Gateway,
    /// The register's backend.
    Register,
    /// Nobody: rights ended, as they should.
    Policy,
}

/// Why there is no response from the backend.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The request's body.
    #[error(transparent)]
    Upload(#[from] UploadError),
    /// The client went away while it was sending.
    #[error("the client went away")]
    ClientGone,
    /// The request does not come from this host's own pages.
    #[error(transparent)]
    Foreign(#[from] Foreign),
    /// The profile is named more than once.
    #[error(transparent)]
    ProfileName(#[from] ProfileName),
    /// The backend cannot be reached.
    #[error("cannot connect to the backend")]
    Unreachable(#[source] hyper_util::client::legacy::Error),
    /// The backend did not answer in time. `connected` is false when it did not even accept the connection.
    #[error("the backend is too slow")]
    Slow {
        /// Whether there was a connection.
        connected: bool,
    },
    /// The backend closed the connection, or what it says is not HTTP.
    #[error("the backend's response is broken")]
    Broken(#[source] hyper_util::client::legacy::Error),
    /// The backend switched to a protocol that nobody asked for.
    #[error("the backend switched protocols unasked")]
    UnaskedUpgrade,
    /// The permit ended while the backend was thinking.
    #[error("the permit ended")]
    Revoked,
    /// The request cannot be written down.
    #[error("the request cannot be forwarded")]
    Unwritable(#[source] http::Error),
}

impl Failure {
    /// What `error`, from the client that speaks with the backend, means.
    pub(super) fn of(error: hyper_util::client::legacy::Error) -> Self {
        let mut cause: Option<&(dyn Error + 'static)> = error.source();
        while let Some(inner) = cause {
            if let Some(upload) = inner.downcast_ref::<UploadError>() {
                return match upload {
                    UploadError::TooLarge => UploadError::TooLarge.into(),
                    UploadError::TooSlow => UploadError::TooSlow.into(),
                    UploadError::Broken(_) => Failure::ClientGone,
                };
            }
            if let Some(io) = inner.downcast_ref::<std::io::Error>()
                && io.kind() == std::io::ErrorKind::TimedOut
                && error.is_connect()
            {
                return Failure::Slow { connected: false };
            }
            cause = inner.source();
        }
        if error.is_connect() { Failure::Unreachable(error) } else { Failure::Broken(error) }
    }

    /// Who is to blame.
    #[must_use]
    pub fn blame(&self) -> Blame {
        match self {
            Failure::Upload(_) | Failure::ClientGone | Failure::Foreign(_) | Failure::ProfileName(_) => Blame::Client,
            Failure::Unreachable(_) | Failure::Slow { .. } | Failure::Broken(_) | Failure::UnaskedUpgrade => {
                Blame::Register
            }
            Failure::Revoked => Blame::Policy,
            Failure::Unwritable(_) => Blame::Gateway,
        }
    }

    /// The response's status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Failure::Upload(error) => error.status(),
            Failure::ClientGone | Failure::ProfileName(_) => StatusCode::BAD_REQUEST,
            Failure::Foreign(_) | Failure::Revoked => StatusCode::FORBIDDEN,
            Failure::Unreachable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Slow { connected: false } => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Slow { connected: true } => StatusCode::GATEWAY_TIMEOUT,
            Failure::Broken(_) | Failure::UnaskedUpgrade => StatusCode::BAD_GATEWAY,
            Failure::Unwritable(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What lies at the bottom of it, for an operator: a refused connection, a certificate of nobody who is trusted.
    #[must_use]
    pub fn cause(&self) -> Option<String> {
        let mut cause = self.source()?;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        Some(cause.to_string())
    }

    /// Where it belongs in the log: a client's mistakes are not an operator's errors.
    #[must_use]
    pub fn level(&self) -> tracing::Level {
        match self.blame() {
            Blame::Client | Blame::Policy => tracing::Level::INFO,
            Blame::Register => tracing::Level::WARN,
            Blame::Gateway => tracing::Level::ERROR,
        }
    }

    /// `Retry-After` in seconds, when the backend never saw the request, so that trying again is safe for any method.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        matches!(self, Failure::Unreachable(_) | Failure::Slow { connected: false }).then_some(5)
    }
}
