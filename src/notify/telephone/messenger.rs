//! Hands messages to a provider, and to the other when the first did not take one.

use std::io;

use super::{PhoneMessage, ProviderSettings};
use crate::{
    base::{Clock, breaker::Breaker},
    notify::call::{Caller, NotCalled},
};

/// What hands messages over.
pub struct Telephone {
    providers: Vec<Provider>,
    clock: Clock,
}

struct Provider {
    settings: ProviderSettings,
    caller: Caller,
    breaker: Breaker,
}

/// Why a message was not handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// No provider took it: it may be tried again.
    #[error("no provider took it")]
    ByNobody,
    /// A provider may have taken it, and did not say so: it is not to be sent again.
    #[error("a provider may have taken it")]
    Perhaps,
}

impl Telephone {
    /// One with these providers; each is asked when those before it did not take a message.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(providers: Vec<ProviderSettings>, clock: Clock) -> io::Result<Self> {
        let caller = Caller::new()?;
        let provider = |settings: ProviderSettings| Provider {
            caller: caller.waiting(settings.timeout),
            settings,
            breaker: Breaker::default(),
        };
        Ok(Self { providers: providers.into_iter().map(provider).collect(), clock })
    }

    /// Hands a message to the first provider that takes it.
    ///
    /// # Errors
    /// When none took it, or nobody knows whether one did.
    pub async fn send(&self, message: &PhoneMessage) -> Result<(), NotTaken> {
        for (place, provider) in self.providers.iter().enumerate() {
            if !provider.breaker.admits(self.clock.now()) {
                continue;
            }
            let called = match provider.settings.request(message) {
                Some((url, said)) => provider.caller.say(&url, said).await,
                None => Err(NotCalled::Address),
            };
            let Err(error) = called else {
                provider.breaker.worked();
                return Ok(());
            };
            metrics::counter!("poort_telephone_provider_failed_total", "provider" => place.to_string()).increment(1);
            match error {
                // It works, and does not want this message.
                NotCalled::Status(400 | 404 | 422) => provider.breaker.worked(),
                _ => provider.breaker.failed(self.clock.now()),
            }
            tracing::warn!(provider = place, channel = message.channel.word(), %error, "a provider of telephony failed");
            if error.was_perhaps_heard() {
                return Err(NotTaken::Perhaps);
            }
        }
        Err(NotTaken::ByNobody)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        time::Duration,
    };

    use secrecy::SecretString;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };
    use url::Url;
    use zeroize::Zeroizing;

    use super::*;
    use crate::{
        base::{Language, Timestamp},
        notify::telephone::{Channel, Interface},
    };

    const NOW: Timestamp = Timestamp::from_millis(1_795_348_800_000);

    /// A provider that says the same to every message; without an answer it says nothing.
    struct Provider {
        port: u16,
        heard: Arc<AtomicUsize>,
    }

    impl Provider {
        async fn start(status: Option<u16>) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let port = listener.local_addr().expect("an address").port();
            let heard = Arc::<AtomicUsize>::default();
            let counted = heard.clone();
            tokio::spawn(async move {
                while let Ok((mut stream, _)) = listener.accept().await {
                    let counted = counted.clone();
                    tokio::spawn(async move {
                        let mut request = [0; 4096];
                        let _read = stream.read(&mut request).await;
                        counted.fetch_add(1, Ordering::SeqCst);
                        if let Some(status) = status {
                            let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\n\r\n");
                            let _written = stream.write_all(answer.as_bytes()).await;
                        }
                        std::future::pending::<()>().await;
                    });
                }
            });
            Self { port, heard }
        }

        fn heard(&self) -> usize {
            self.heard.load(Ordering::SeqCst)
        }
    }

    fn telephone(ports: &[u16], clock: &Clock) -> Telephone {
        let settings = |port: &u16| ProviderSettings {
            interface: Interface::MessageBird,
            url: Url::parse(&format!("http://localhost:{port}")).expect("a URL"),
            key: SecretString::from("k3y"),
            sender: "Poort".into(),
            caller: "+31880000000".into(),
            timeout: Duration::from_millis(200),
        };
        Telephone::new(ports.iter().map(settings).collect(), clock.clone()).expect("TLS")
    }

    fn sms() -> PhoneMessage {
        PhoneMessage {
            channel: Channel::Sms,
            language: Language::Nl,
            recipient: Zeroizing::new("+31612345678".into()),
            words: vec![Zeroizing::new("012345".into())],
        }
    }

    #[tokio::test]
    async fn the_fallback_gets_what_the_first_refuses_and_nothing_else() {
        let clock = Clock::frozen(NOW);
        for (first, sent, heard) in [
            (Some(201), Ok(()), [1, 0]),
            (Some(400), Ok(()), [1, 1]),
            (Some(401), Ok(()), [1, 1]),
            (Some(429), Ok(()), [1, 1]),
            (Some(503), Ok(()), [1, 1]),
            // Whoever is silent, or stands in front of the provider and cannot say, may have sent it.
            (Some(504), Err(NotTaken::Perhaps), [1, 0]),
            (None, Err(NotTaken::Perhaps), [1, 0]),
        ] {
            let (one, other) = (Provider::start(first).await, Provider::start(Some(201)).await);
            assert_eq!(telephone(&[one.port, other.port], &clock).send(&sms()).await, sent, "{first:?}");
            assert_eq!([one.heard(), other.heard()], heard, "{first:?}");
        }
    }

    #[tokio::test]
    async fn nobody_there_and_everybody_refusing_leaves_it_to_be_tried_again() {
        let clock = Clock::frozen(NOW);
        let (gone, refuses) =
            (TcpListener::bind("127.0.0.1:0").await.expect("a port"), Provider::start(Some(500)).await);
        let port = gone.local_addr().expect("an address").port();
        drop(gone);
        let telephone = telephone(&[port, refuses.port], &clock);
        assert_eq!(telephone.send(&sms()).await, Err(NotTaken::ByNobody));
        assert_eq!(refuses.heard(), 1);
    }

    #[tokio::test]
    async fn reliability_f8_a_provider_that_fails_rests_and_the_fallback_is_asked_at_once() {
        let clock = Clock::frozen(NOW);
        let (down, other) = (Provider::start(Some(503)).await, Provider::start(Some(201)).await);
        let telephone = telephone(&[down.port, other.port], &clock);
        for _ in 0..8 {
            assert_eq!(telephone.send(&sms()).await, Ok(()));
        }
        assert_eq!([down.heard(), other.heard()], [5, 8]);
        clock.advance(crate::base::breaker::REST);
        assert_eq!(telephone.send(&sms()).await, Ok(()));
        assert_eq!([down.heard(), other.heard()], [6, 9], "one tries whether it works again");
    }
}
