//! Judge events with packs of compiled Sigma rules.
//!
//! ```no_run
//! # fn main() -> Result<(), sigmaton::Error> {
//! let engine = sigmaton::Engine::open("pack.so")?;
//! let mut scratch = engine.scratch()?;
//! for rule in scratch.judge(br#"{"EventID": 1}"#.as_slice(), None)?.hits() {
//!     println!("{} {}", rule.id(), rule.title());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! An [`Engine`] is shared by all threads; a [`Scratch`], or a [`Reader`] of a [`Live`], is one thread's at a time. A
//! [`Verdict`] borrows from where it comes from, until that judges again.
#![warn(missing_docs)]

use sigmaton_sys as sys;
use std::ffi::{CStr, CString};
use std::marker::PhantomData;
use std::os::raw::{c_char, c_int, c_void};
use std::path::Path;
use std::{fmt, mem, ptr, slice, str};

/// Why the library refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// No memory.
    NoMemory,
    /// A senseless argument.
    Invalid,
    /// No pack, cut short, or its tables are out of bounds.
    Pack,
    /// The pack is of another ABI.
    Abi,
    /// A regex of the pack does not compile.
    Regex,
    /// The event is unreadable.
    Event,
    /// The event exceeds a limit.
    Limit,
    /// The pack is for another processor or system.
    Target,
    /// The pack is not what was written.
    Hash,
    /// The system refuses.
    Io,
    /// The pack is not signed by the key that was given.
    Signature,
    /// The library was built without what is asked for.
    Build,
    /// A status that a newer library has.
    Other(i32),
}

/// What the library refused, with its phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    status: Status,
    why: String,
    offset: Option<usize>,
}

impl Error {
    fn new(status: sys::sigmaton_status, why: *const c_char, offset: usize) -> Self {
        // SAFETY: phrases are static and NUL-ended.
        let phrase = if why.is_null() {
            unsafe { sys::sigmaton_status_text(status) }
        } else {
            why
        };
        let status = match status {
            sys::SIGMATON_ENOMEM => Status::NoMemory,
            sys::SIGMATON_EINVAL => Status::Invalid,
            sys::SIGMATON_EPACK => Status::Pack,
            sys::SIGMATON_EABI => Status::Abi,
            sys::SIGMATON_EREGEX => Status::Regex,
            sys::SIGMATON_EEVENT => Status::Event,
            sys::SIGMATON_ELIMIT => Status::Limit,
            sys::SIGMATON_ETARGET => Status::Target,
            sys::SIGMATON_EHASH => Status::Hash,
            sys::SIGMATON_EIO => Status::Io,
            sys::SIGMATON_ESIGNATURE => Status::Signature,
            sys::SIGMATON_EBUILD => Status::Build,
            other => Status::Other(other),
        };
        let offset = matches!(status, Status::Event | Status::Limit).then(|| offset);
        Error {
            status,
            why: owned(phrase),
            offset,
        }
    }

    fn check(status: sys::sigmaton_status, why: *const c_char) -> Result<(), Self> {
        if status == sys::SIGMATON_OK {
            Ok(())
        } else {
            Err(Self::new(status, why, 0))
        }
    }

    /// Which of the refusals it is.
    pub fn status(&self) -> Status {
        self.status
    }

    /// Of events, the byte where.
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for Error {}

fn owned(phrase: *const c_char) -> String {
    // SAFETY: the library's phrases are NUL-ended and static.
    unsafe { CStr::from_ptr(phrase) }
        .to_string_lossy()
        .into_owned()
}

fn c_string(text: &[u8]) -> Result<CString, Error> {
    CString::new(text).map_err(|_| Error::new(sys::SIGMATON_EINVAL, ptr::null(), 0))
}

/// The version of libsigmaton.
pub fn version() -> String {
    // SAFETY: a static text.
    owned(unsafe { sys::sigmaton_version() })
}

/// What a pack says of a rule. Texts are empty where the rule says nothing.
#[derive(Clone, Copy)]
pub struct Rule<'a> {
    engine: *const sys::sigmaton_engine,
    row: &'a sys::sigmaton_rule,
    index: u32,
}

impl<'a> Rule<'a> {
    /// The caller vouches that the engine lives for 'a and has that rule.
    unsafe fn new(engine: *const sys::sigmaton_engine, index: u32) -> Self {
        Rule {
            engine,
            row: &*sys::sigmaton_rule_at(engine, index),
            index,
        }
    }

    fn text(&self, at: sys::sigmaton_ref) -> &'a str {
        let mut len = 0;
        // SAFETY: the engine lives for 'a; its texts are UTF-8 and never NULL.
        unsafe {
            let text = sys::sigmaton_ref_text(self.engine, at, &mut len);
            str::from_utf8(slice::from_raw_parts(text.cast(), len)).unwrap_or("")
        }
    }

    /// Its number in the pack.
    pub fn index(&self) -> u32 {
        self.index
    }
    /// Its id.
    pub fn id(&self) -> &'a str {
        self.text(self.row.id)
    }
    /// Its title.
    pub fn title(&self) -> &'a str {
        self.text(self.row.title)
    }
    /// The file that it was built from.
    pub fn file(&self) -> &'a str {
        self.text(self.row.file)
    }
    /// The product of its log source.
    pub fn product(&self) -> &'a str {
        self.text(self.row.product)
    }
    /// The category of its log source.
    pub fn category(&self) -> &'a str {
        self.text(self.row.category)
    }
    /// The service of its log source.
    pub fn service(&self) -> &'a str {
        self.text(self.row.service)
    }
    /// Its level.
    pub fn level(&self) -> &'static str {
        // SAFETY: static, NUL-ended ASCII.
        unsafe { CStr::from_ptr(sys::sigmaton_level_text(self.row.level)) }
            .to_str()
            .unwrap_or("")
    }
    /// Its status.
    pub fn status(&self) -> &'static str {
        // SAFETY: likewise.
        unsafe { CStr::from_ptr(sys::sigmaton_rule_status_text(self.row.status)) }
            .to_str()
            .unwrap_or("")
    }
    /// Its tags.
    pub fn tags(&self) -> impl Iterator<Item = &'a str> + 'a {
        let (engine, rule) = (self.engine, self.index);
        (0..).map_while(move |i| {
            let mut len = 0;
            // SAFETY: the engine lives for 'a; NULL from the last tag on.
            unsafe {
                let tag = sys::sigmaton_rule_tag(engine, rule, i, &mut len);
                (!tag.is_null())
                    .then(|| str::from_utf8(slice::from_raw_parts(tag.cast(), len)).unwrap_or(""))
            }
        })
    }
}

/// The answer to one event.
pub struct Verdict<'a> {
    of: sys::sigmaton_verdict,
    engine: *const sys::sigmaton_engine,
    lives: PhantomData<&'a ()>,
}

type Walk = unsafe extern "C" fn(*const sys::sigmaton_verdict, u32) -> u32;

impl<'a> Verdict<'a> {
    fn walk<'v>(&'v self, next: Walk) -> impl Iterator<Item = Rule<'v>> + 'v {
        let mut from = 0;
        std::iter::from_fn(move || {
            // SAFETY: the verdict's bitmaps and its engine live for 'a, which is longer than 'v.
            let at = unsafe { next(&self.of, from) };
            from = at.saturating_add(1);
            (at < self.of.n_rules).then(|| unsafe { Rule::new(self.engine, at) })
        })
    }

    /// The rules that hit, in the pack's order.
    pub fn hits(&self) -> impl Iterator<Item = Rule<'_>> + '_ {
        self.walk(sys::sigmaton_next_hit)
    }
    /// Rules without a verdict, because a regex ran into its limit.
    pub fn unjudged(&self) -> impl Iterator<Item = Rule<'_>> + '_ {
        self.walk(sys::sigmaton_next_unjudged)
    }
    /// How many rules hit.
    pub fn len(&self) -> usize {
        self.of.n_hits as usize
    }
    /// Whether none did.
    pub fn is_empty(&self) -> bool {
        self.of.n_hits == 0
    }
}

/// Where an event comes from, when its sender knows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Logsource<'a> {
    /// As in the rules' `product`.
    pub product: Option<&'a str>,
    /// As in the rules' `category`.
    pub category: Option<&'a str>,
    /// As in the rules' `service`.
    pub service: Option<&'a str>,
}

/// A value of a pair. Of numbers the text as JSON writes it.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// JSON's null.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer that an i64 holds.
    Int(&'a str),
    /// An integer above.
    Uint(&'a str),
    /// Another number.
    Double(&'a str),
    /// A string.
    Text(&'a str),
}

/// An event, borrowed.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// One JSON object, without its line end.
    Json(&'a [u8]),
    /// A flat event's names and values.
    Pairs(&'a [(&'a str, Value<'a>)]),
}

impl<'a> From<&'a [u8]> for Event<'a> {
    fn from(json: &'a [u8]) -> Self {
        Event::Json(json)
    }
}
impl<'a> From<&'a str> for Event<'a> {
    fn from(json: &'a str) -> Self {
        Event::Json(json.as_bytes())
    }
}
impl<'a> From<&'a [(&'a str, Value<'a>)]> for Event<'a> {
    fn from(pairs: &'a [(&'a str, Value<'a>)]) -> Self {
        Event::Pairs(pairs)
    }
}

impl<'a> Value<'a> {
    fn kind_and_text(self) -> (u32, &'a str) {
        match self {
            Value::Null => (sys::SIGMATON_NULL, "null"),
            Value::Bool(true) => (sys::SIGMATON_BOOL, "true"),
            Value::Bool(false) => (sys::SIGMATON_BOOL, "false"),
            Value::Int(t) => (sys::SIGMATON_INT, t),
            Value::Uint(t) => (sys::SIGMATON_UINT, t),
            Value::Double(t) => (sys::SIGMATON_DOUBLE, t),
            Value::Text(t) => (sys::SIGMATON_TEXT, t),
        }
    }

    /// Its 64 bits, as a slot has them beside the text.
    fn number(self) -> Option<u64> {
        match self {
            Value::Bool(b) => Some(b.into()),
            Value::Int(t) => t.parse::<i64>().ok().map(|n| n as u64),
            Value::Uint(t) => t.parse().ok(),
            Value::Double(t) => t.parse::<f64>().ok().map(f64::to_bits),
            Value::Null | Value::Text(_) => Some(0),
        }
    }
}

fn pair(name: &str, value: &Value<'_>) -> Result<sys::sigmaton_pair, Error> {
    let (kind, text) = value.kind_and_text();
    let len = |t: &str| {
        u32::try_from(t.len()).map_err(|_| Error::new(sys::SIGMATON_ELIMIT, ptr::null(), 0))
    };
    Ok(sys::sigmaton_pair {
        name: name.as_ptr().cast(),
        value: text.as_ptr().cast(),
        name_len: len(name)?,
        value_len: len(text)?,
        kind,
        reserved: 0,
    })
}

/// A log source as C strings, that live as long as this.
struct Labels([Option<CString>; 3]);

impl Labels {
    fn new(source: Logsource<'_>) -> Result<Self, Error> {
        let label = |t: Option<&str>| t.map(|t| c_string(t.as_bytes())).transpose();
        Ok(Labels([
            label(source.product)?,
            label(source.category)?,
            label(source.service)?,
        ]))
    }

    fn at(&self, i: usize) -> *const c_char {
        self.0[i].as_ref().map_or(ptr::null(), |t| t.as_ptr())
    }
}

type Form = (c_int, *const c_void, usize);

/// Puts the event together for `eval`, and the verdict's parts out of it.
fn judged(
    event: Event<'_>,
    source: Option<Logsource<'_>>,
    eval: impl FnOnce(*const sys::sigmaton_event, *mut sys::sigmaton_verdict) -> sys::sigmaton_status,
) -> Result<sys::sigmaton_verdict, Error> {
    let pairs: Vec<_>;
    let form = match event {
        Event::Json(json) => (sys::SIGMATON_FORM_JSON, json.as_ptr().cast(), json.len()),
        Event::Pairs(given) => {
            pairs = given
                .iter()
                .map(|(name, value)| pair(name, value))
                .collect::<Result<_, _>>()?;
            (sys::SIGMATON_FORM_PAIRS, pairs.as_ptr().cast(), pairs.len())
        }
    };
    judged_as(form, source, eval)
}

fn judged_as(
    (form, of, n): Form,
    source: Option<Logsource<'_>>,
    eval: impl FnOnce(*const sys::sigmaton_event, *mut sys::sigmaton_verdict) -> sys::sigmaton_status,
) -> Result<sys::sigmaton_verdict, Error> {
    let labels = Labels::new(source.unwrap_or_default())?;
    let from = sys::sigmaton_logsource {
        product: labels.at(0),
        category: labels.at(1),
        service: labels.at(2),
    };
    let given = labels.0.iter().any(Option::is_some);
    let size = mem::size_of::<sys::sigmaton_event>() as u32;
    let event = sys::sigmaton_event {
        size,
        form,
        of,
        n,
        source: if given { &from } else { ptr::null() },
    };
    // SAFETY: a struct of integers and pointers, for which zero is a value.
    let mut verdict: sys::sigmaton_verdict = unsafe { mem::zeroed() };
    match eval(&event, &mut verdict) {
        sys::SIGMATON_OK => Ok(verdict),
        status => Err(Error::new(status, verdict.error, verdict.error_off)),
    }
}

/// Which rules meet which events.
#[derive(Debug, Clone, Copy, Default)]
pub enum Routing<'a> {
    /// By what events say of themselves.
    #[default]
    Auto,
    /// Every rule meets every event.
    None,
    /// All events have this log source.
    Given(Logsource<'a>),
}

/// How PCRE2 runs the regexes that are left to it.
#[derive(Debug, Clone, Copy, Default)]
pub enum Regex {
    /// As an interpreter.
    #[default]
    Auto,
    /// As machine code, for which it wants a page that is writable and executable.
    Jit,
    /// As an interpreter.
    Interp,
}

/// How a pack is opened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// minisign's public key, the base64 or all of its file: the pack must be signed with it, in `path.minisig`.
    pub verify_key: Option<&'a str>,
    /// Which rules meet which events.
    pub routing: Routing<'a>,
    /// How PCRE2 runs.
    pub regex: Regex,
}

/// A pack file, checked and ready. Constant.
pub struct Engine(*mut sys::sigmaton_engine);

// SAFETY: an engine does not change after its creation; the library says that all threads may share it.
unsafe impl Send for Engine {}
unsafe impl Sync for Engine {}

impl Engine {
    /// Checks the pack file, whole, and prepares it. The file may be replaced afterwards.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::open_with(path, Options::default())
    }

    /// [`Engine::open`] with options.
    pub fn open_with(path: impl AsRef<Path>, options: Options<'_>) -> Result<Self, Error> {
        use std::os::unix::ffi::OsStrExt;
        let path = c_string(path.as_ref().as_os_str().as_bytes())?;
        let key = options
            .verify_key
            .map(|k| c_string(k.as_bytes()))
            .transpose()?;
        let opening = sys::sigmaton_open_options {
            size: mem::size_of::<sys::sigmaton_open_options>() as u32,
            reserved: 0,
            verify_key: key.as_ref().map_or(ptr::null(), |k| k.as_ptr()),
            signature: ptr::null(),
            signature_len: 0,
        };
        let (routing, source) = match options.routing {
            Routing::Auto => (sys::SIGMATON_ROUTE_AUTO, Logsource::default()),
            Routing::None => (sys::SIGMATON_ROUTE_NONE, Logsource::default()),
            Routing::Given(source) => (sys::SIGMATON_ROUTE_GIVEN, source),
        };
        let labels = Labels::new(source)?;
        let of = sys::sigmaton_engine_options {
            size: mem::size_of::<sys::sigmaton_engine_options>() as u32,
            routing,
            product: labels.at(0),
            category: labels.at(1),
            service: labels.at(2),
            regex: match options.regex {
                Regex::Auto => sys::SIGMATON_REGEX_AUTO,
                Regex::Jit => sys::SIGMATON_REGEX_JIT,
                Regex::Interp => sys::SIGMATON_REGEX_INTERP,
            },
            eval: ptr::null(),
            judge: ptr::null(),
        };
        let (mut file, mut engine, mut why) = (ptr::null_mut(), ptr::null_mut(), ptr::null());
        // SAFETY: every argument is what the header asks for; the engine takes the file where it succeeds.
        unsafe {
            Error::check(
                sys::sigmaton_open(path.as_ptr(), &opening, &mut file, &mut why),
                why,
            )?;
            let status = sys::sigmaton_engine_load(file, &of, &mut engine, &mut why);
            if status != sys::SIGMATON_OK {
                sys::sigmaton_close(file);
            }
            Error::check(status, why)?;
        }
        Ok(Engine(engine))
    }

    /// The number of a field for [`Scratch::judge_slots`]; `None` where nothing looks at it. Once at start, not per event.
    pub fn slot(&self, name: &str) -> Option<u32> {
        // SAFETY: the engine lives.
        let slot = unsafe { sys::sigmaton_slot_find(self.0, name.as_ptr().cast(), name.len()) };
        (slot != sys::SIGMATON_NO_SLOT).then(|| slot)
    }

    /// The fields that the pack looks at, by number.
    pub fn slots(&self) -> impl Iterator<Item = &str> + '_ {
        // SAFETY: the engine lives as long as the borrow; names are UTF-8, and there are that many.
        (0..unsafe { sys::sigmaton_n_slots(self.0) }).map(move |i| unsafe {
            let mut len = 0;
            let name = sys::sigmaton_slot_name(self.0, i, &mut len);
            str::from_utf8(slice::from_raw_parts(name.cast(), len)).unwrap_or("")
        })
    }

    /// A scratch for one thread.
    pub fn scratch(&self) -> Result<Scratch<'_>, Error> {
        let mut scratch = ptr::null_mut();
        // SAFETY: the engine lives.
        Error::check(
            unsafe { sys::sigmaton_scratch_create(self.0, &mut scratch) },
            ptr::null(),
        )?;
        Ok(Scratch {
            engine: self,
            scratch,
        })
    }

    /// The rules of the pack, in its order.
    pub fn rules(&self) -> impl Iterator<Item = Rule<'_>> + '_ {
        // SAFETY: the engine lives as long as the borrow.
        (0..unsafe { sys::sigmaton_n_rules(self.0) }).map(move |i| unsafe { Rule::new(self.0, i) })
    }

    fn into_raw(self) -> *mut sys::sigmaton_engine {
        mem::ManuallyDrop::new(self).0
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // SAFETY: scratches borrow the engine, so that none is left.
        unsafe { sys::sigmaton_engine_destroy(self.0) }
    }
}

/// What one thread judges with.
pub struct Scratch<'e> {
    engine: &'e Engine,
    scratch: *mut sys::sigmaton_scratch,
}

// SAFETY: any thread may use it, one at a time, which `&mut self` sees to.
unsafe impl Send for Scratch<'_> {}

impl Scratch<'_> {
    /// Judges one event.
    pub fn judge<'a>(
        &mut self,
        event: impl Into<Event<'a>>,
        source: Option<Logsource<'_>>,
    ) -> Result<Verdict<'_>, Error> {
        let (engine, scratch) = (self.engine.0, self.scratch);
        // SAFETY: both live, and the scratch is the engine's.
        let of = judged(event.into(), source, |e, v| unsafe {
            sys::sigmaton_eval(engine, scratch, e, v)
        })?;
        Ok(Verdict {
            of,
            engine,
            lives: PhantomData,
        })
    }
}

impl Scratch<'_> {
    /// Judges one flat event whose fields go by the numbers that [`Engine::slot`] gives: no name is looked up.
    pub fn judge_slots(
        &mut self,
        event: &[(u32, Value<'_>)],
        source: Option<Logsource<'_>>,
    ) -> Result<Verdict<'_>, Error> {
        let (engine, scratch) = (self.engine.0, self.scratch);
        let absent = sys::sigmaton_slot {
            at: sys::sigmaton_slot_at { text: ptr::null() },
            number: 0,
            len: 0,
            kind: sys::SIGMATON_ABSENT,
        };
        // SAFETY: the engine lives.
        let mut slots = vec![absent; unsafe { sys::sigmaton_n_slots(engine) } as usize];
        let invalid = || Error::new(sys::SIGMATON_EINVAL, ptr::null(), 0);
        for (slot, value) in event {
            let (kind, text) = value.kind_and_text();
            *slots.get_mut(*slot as usize).ok_or_else(invalid)? = sys::sigmaton_slot {
                at: sys::sigmaton_slot_at {
                    text: text.as_ptr(),
                },
                number: value.number().ok_or_else(invalid)?,
                len: u32::try_from(text.len()).map_err(|_| invalid())?,
                kind,
            };
        }
        let form = (sys::SIGMATON_FORM_SLOTS, slots.as_ptr().cast(), slots.len());
        // SAFETY: both live, the scratch is the engine's, and the slots point at texts that outlive the call.
        let of = judged_as(form, source, |e, v| unsafe {
            sys::sigmaton_eval(engine, scratch, e, v)
        })?;
        Ok(Verdict {
            of,
            engine,
            lives: PhantomData,
        })
    }
}

impl Drop for Scratch<'_> {
    fn drop(&mut self) {
        // SAFETY: ours, and given back once.
        unsafe { sys::sigmaton_scratch_destroy(self.scratch) }
    }
}

/// A handle whose engine can be replaced while threads judge with it.
pub struct Live {
    live: *mut sys::sigmaton_live,
    swapping: std::sync::Mutex<()>,
}

// SAFETY: readers may be made and engines swapped on any thread; swaps come one after the other by the mutex.
unsafe impl Send for Live {}
unsafe impl Sync for Live {}

impl Live {
    /// A handle on that engine.
    pub fn new(engine: Engine) -> Result<Self, Error> {
        let mut live = ptr::null_mut();
        // SAFETY: the handle takes the engine where it succeeds, and else `engine` still owns it.
        Error::check(
            unsafe { sys::sigmaton_live_create(engine.0, &mut live) },
            ptr::null(),
        )?;
        engine.into_raw();
        Ok(Live {
            live,
            swapping: Default::default(),
        })
    }

    /// Once this has returned no event begins with the old engine. On failure the old one goes on.
    pub fn swap(&self, newer: Engine) -> Result<(), Error> {
        let _one = self
            .swapping
            .lock()
            .unwrap_or_else(|broken| broken.into_inner());
        // SAFETY: as in `new`.
        Error::check(
            unsafe { sys::sigmaton_live_swap(self.live, newer.0) },
            ptr::null(),
        )?;
        newer.into_raw();
        Ok(())
    }

    /// A place for one thread.
    pub fn reader(&self) -> Result<Reader<'_>, Error> {
        let mut reader = ptr::null_mut();
        // SAFETY: the handle lives.
        Error::check(
            unsafe { sys::sigmaton_reader_create(self.live, &mut reader) },
            ptr::null(),
        )?;
        Ok(Reader {
            reader,
            live: PhantomData,
        })
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        // SAFETY: readers borrow the handle, so that none is left.
        unsafe { sys::sigmaton_live_destroy(self.live) }
    }
}

/// One thread's place at a live handle.
pub struct Reader<'l> {
    reader: *mut sys::sigmaton_reader,
    live: PhantomData<&'l Live>,
}

// SAFETY: any thread may use it, one at a time, which `&mut self` sees to.
unsafe impl Send for Reader<'_> {}

impl Reader<'_> {
    /// Judges one event with the engine of the moment.
    pub fn judge<'a>(
        &mut self,
        event: impl Into<Event<'a>>,
        source: Option<Logsource<'_>>,
    ) -> Result<Verdict<'_>, Error> {
        let reader = self.reader;
        // SAFETY: the reader lives; its engine stays until its next use, which the verdict's borrow forbids.
        let of = judged(event.into(), source, |e, v| unsafe {
            sys::sigmaton_reader_eval(reader, e, v)
        })?;
        Ok(Verdict {
            of,
            engine: unsafe { sys::sigmaton_reader_engine(reader) },
            lives: PhantomData,
        })
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        // SAFETY: ours, and given back once.
        unsafe { sys::sigmaton_reader_destroy(self.reader) }
    }
}
