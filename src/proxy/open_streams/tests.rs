use std::task::Waker;

use super::*;

/// Whose stream it is, and whether what is known of them counts; a test changes it.
struct Theirs(&'static str, Arc<Mutex<Counts>>);

impl Asked for Theirs {
    type Session = &'static str;

    fn session(&self) -> &'static str {
        self.0
    }

    fn counts(&self) -> Counts {
        *self.1.lock().expect("nobody panicked")
    }
}

struct Scene {
    streams: Arc<OpenStreams<Theirs>>,
    counts: Arc<Mutex<Counts>>,
    began: Instant,
}

impl Scene {
    fn new() -> Self {
        Self { streams: Arc::default(), counts: Arc::new(Mutex::new(Counts::Yes)), began: Instant::now() }
    }

    fn open(&self, whose: &'static str) -> Arc<Open<Theirs>> {
        self.streams.open(Theirs(whose, self.counts.clone())).0
    }

    fn become_(&self, counts: Counts) {
        *self.counts.lock().expect("nobody panicked") = counts;
    }

    /// After so many milliseconds.
    fn at(&self, millis: u64) -> Instant {
        self.began + Duration::from_millis(millis)
    }

    fn look(&self, millis: u64) {
        self.streams.look(self.at(millis));
    }

    /// All the turns that may be taken.
    fn turns(&self, millis: u64) -> Vec<Turn<Theirs>> {
        std::iter::from_fn(|| self.streams.next(self.at(millis))).collect()
    }

    fn answer(&self, mut turn: Turn<Theirs>, answer: Answer, millis: u64) {
        turn.answers.fill(answer);
        turn.end(self.at(millis));
    }
}

fn word(open: &Open<Theirs>) -> Word {
    open.poll(&mut Context::from_waker(Waker::noop()))
}

/// As many names as there are streams.
const NAMES: [&str; 20] =
    ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t"];

#[test]
fn nobody_is_asked_about_while_everything_counts() {
    let scene = Scene::new();
    let open = scene.open("els");
    scene.look(0);
    scene.look(60_000);
    assert!(scene.turns(60_000).is_empty());
    assert_eq!(word(&open), Word::GoOn);
}

#[test]
fn a_few_are_asked_about_at_once_and_the_streams_of_one_session_together() {
    let scene = Scene::new();
    let open: Vec<_> = NAMES.iter().flat_map(|name| (0..50).map(|_| scene.open(name))).collect();
    scene.become_(Counts::No);
    scene.look(0);
    let mut turns = scene.turns(0);
    assert_eq!(turns.iter().map(|turn| turn.streams.len()).collect::<Vec<_>>(), [50; AT_ONCE]);
    scene.look(250);
    assert!(scene.turns(250).is_empty(), "who waits is not put in line again, and no place is free");
    let mut asked = 0;
    while let Some(turn) = turns.pop() {
        asked += 1;
        scene.answer(turn, Answer::Permitted, 300);
        turns.extend(scene.turns(300));
        assert!(turns.len() <= AT_ONCE);
    }
    assert_eq!(asked, NAMES.len(), "one question a session");
    assert!(open.iter().all(|open| word(open) == Word::GoOn));
}

#[test]
fn an_orderly_late_answer_cuts_nobody_and_nothing_is_carried_until_it_comes() {
    let scene = Scene::new();
    let open: Vec<_> = NAMES.iter().map(|name| scene.open(name)).collect();
    let going = || open.iter().filter(|open| word(open) == Word::GoOn).count();
    scene.become_(Counts::No);
    scene.look(0);
    scene.look(499);
    assert_eq!(going(), 20, "the lease is not over");
    scene.look(500);
    assert_eq!(going(), 0, "a change is read within 250 ms, seen within another 250: now everybody rests");
    // The database needs 400 ms for each: the last four have their answer after two seconds.
    for round in 0..5 {
        let turns = scene.turns(400 * round);
        scene.look(400 * round + 399);
        turns.into_iter().for_each(|turn| scene.answer(turn, Answer::Permitted, 400 * round + 400));
        assert!(open.iter().all(|open| word(open) != Word::End));
    }
    scene.become_(Counts::Yes);
    scene.look(2_000);
    assert_eq!(going(), 20);
}

#[test]
fn who_is_refused_ends_alone() {
    let scene = Scene::new();
    let (els, jan) = (scene.open("els"), scene.open("jan"));
    scene.become_(Counts::No);
    scene.look(0);
    let mut turns = scene.turns(0);
    scene.answer(turns.remove(0), Answer::Refused, 1);
    scene.answer(turns.remove(0), Answer::Permitted, 1);
    assert_eq!((word(&els), word(&jan)), (Word::End, Word::GoOn));
    scene.become_(Counts::Yes);
    scene.look(250);
    assert_eq!(word(&els), Word::End, "nothing follows an end");
}

#[test]
fn a_silent_database_ends_everybody_after_the_lease() {
    let scene = Scene::new();
    let open: Vec<_> = NAMES.iter().map(|name| scene.open(name)).collect();
    scene.become_(Counts::No);
    scene.look(0);
    let _never_answered = scene.turns(0);
    scene.look(999);
    assert!(open.iter().all(|open| word(open) == Word::Rest));
    scene.look(1_000);
    assert!(open.iter().all(|open| word(open) == Word::End), "also who waits in line");
}

#[test]
fn who_gets_no_answer_is_asked_about_again_and_ends_after_the_lease_while_others_go_on() {
    let scene = Scene::new();
    let (els, jan) = (scene.open("els"), scene.open("jan"));
    scene.become_(Counts::No);
    for (look, ends) in [(0, Word::GoOn), (500, Word::Rest), (1_000, Word::End)] {
        scene.look(look);
        for turn in scene.turns(look) {
            let answer = if turn.streams[0].asked.0 == "els" { Answer::Silence } else { Answer::Permitted };
            scene.answer(turn, answer, look);
        }
        assert_eq!((word(&els), word(&jan)), (ends, Word::GoOn), "{look}");
    }
}

#[test]
fn what_changes_after_it_was_asked_is_a_question_of_its_own() {
    let scene = Scene::new();
    let open = scene.open("els");
    scene.become_(Counts::No);
    scene.look(0);
    let turn = scene.turns(100).remove(0);
    scene.answer(turn, Answer::Permitted, 2_000);
    assert_eq!(word(&open), Word::GoOn);
    scene.look(2_001);
    assert_eq!(word(&open), Word::Rest, "what holds was asked too long ago");
    assert_eq!(scene.turns(2_001).len(), 1);
}

#[test]
fn when_the_versions_are_not_read_in_time_everybody_rests_at_once() {
    let scene = Scene::new();
    let open = scene.open("els");
    scene.become_(Counts::Unread);
    scene.look(0);
    assert_eq!(word(&open), Word::Rest);
    let turn = scene.turns(400).remove(0);
    scene.look(1_399);
    assert_eq!(word(&open), Word::Rest, "the database was asked less than a lease ago");
    scene.answer(turn, Answer::Permitted, 1_400);
    scene.become_(Counts::Yes);
    scene.look(1_401);
    assert_eq!(word(&open), Word::GoOn, "they were read late once");
}

#[test]
fn a_turn_that_panics_leaves_its_place_and_what_is_closed_has_none() {
    let scene = Scene::new();
    let open: Vec<_> = NAMES.iter().map(|name| scene.open(name)).collect();
    scene.become_(Counts::No);
    scene.look(0);
    drop(scene.turns(0));
    let left = scene.turns(0);
    assert_eq!(left.len(), AT_ONCE, "the next four");
    open.iter().for_each(|open| scene.streams.close(open));
    drop(left);
    assert!(scene.turns(0).is_empty());
    assert!(!scene.streams.look(scene.at(250)), "nobody needs to look any more");
    assert!(scene.streams.open(Theirs("els", scene.counts.clone())).1, "until the next one opens");
}
