//! The C face of libsigmaton, as `<sigmaton/sigmaton.h>` has it; that header says what each function wants and owns.
#![allow(non_camel_case_types)]

use std::os::raw::{c_char, c_int, c_void};

/// 0 is success; the `SIGMATON_E*` constants below.
pub type sigmaton_status = c_int;
pub const SIGMATON_OK: sigmaton_status = 0;
pub const SIGMATON_ENOMEM: sigmaton_status = -1;
pub const SIGMATON_EINVAL: sigmaton_status = -2;
pub const SIGMATON_EPACK: sigmaton_status = -3;
pub const SIGMATON_EABI: sigmaton_status = -4;
pub const SIGMATON_EREGEX: sigmaton_status = -5;
pub const SIGMATON_EEVENT: sigmaton_status = -6;
pub const SIGMATON_ELIMIT: sigmaton_status = -7;
pub const SIGMATON_ETARGET: sigmaton_status = -8;
pub const SIGMATON_EHASH: sigmaton_status = -9;
pub const SIGMATON_EIO: sigmaton_status = -10;
pub const SIGMATON_ESIGNATURE: sigmaton_status = -11;
pub const SIGMATON_EBUILD: sigmaton_status = -12;

/// `enum sigmaton_routing`
pub const SIGMATON_ROUTE_AUTO: c_int = 0;
pub const SIGMATON_ROUTE_NONE: c_int = 1;
pub const SIGMATON_ROUTE_GIVEN: c_int = 2;

/// `enum sigmaton_regex_mode`
pub const SIGMATON_REGEX_AUTO: c_int = 0;
pub const SIGMATON_REGEX_JIT: c_int = 1;
pub const SIGMATON_REGEX_INTERP: c_int = 2;

/// `enum sigmaton_form`
pub const SIGMATON_FORM_JSON: c_int = 0;
pub const SIGMATON_FORM_SLOTS: c_int = 1;
pub const SIGMATON_FORM_PAIRS: c_int = 2;

/// A field that nothing looks at.
pub const SIGMATON_NO_SLOT: u32 = u32::MAX;

/// Kinds of values.
pub const SIGMATON_ABSENT: u32 = 0;
pub const SIGMATON_NULL: u32 = 1;
pub const SIGMATON_BOOL: u32 = 2;
pub const SIGMATON_INT: u32 = 4;
pub const SIGMATON_UINT: u32 = 8;
pub const SIGMATON_DOUBLE: u32 = 16;
pub const SIGMATON_TEXT: u32 = 32;

macro_rules! opaque {
    ($($name:ident)*) => {$(
        #[repr(C)]
        pub struct $name {
            _private: [u8; 0],
            _not_send: std::marker::PhantomData<*mut u8>,
        }
    )*};
}
opaque!(sigmaton_file sigmaton_engine sigmaton_scratch sigmaton_live sigmaton_reader);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct sigmaton_ref {
    pub off: u32,
    pub len: u32,
}

#[repr(C)]
pub struct sigmaton_rule {
    pub id: sigmaton_ref,
    pub title: sigmaton_ref,
    pub file: sigmaton_ref,
    pub tags: sigmaton_ref,
    pub product: sigmaton_ref,
    pub category: sigmaton_ref,
    pub service: sigmaton_ref,
    pub level: u32,
    pub status: u32,
    pub document: u32,
    pub n_regexes: u32,
    pub slots: sigmaton_ref,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub union sigmaton_slot_at {
    pub text: *const u8,
    pub leaves: *const sigmaton_slot,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct sigmaton_slot {
    pub at: sigmaton_slot_at,
    pub number: u64,
    pub len: u32,
    pub kind: u32,
}

#[repr(C)]
pub struct sigmaton_open_options {
    pub size: u32,
    pub reserved: u32,
    pub verify_key: *const c_char,
    pub signature: *const c_char,
    pub signature_len: usize,
}

#[repr(C)]
pub struct sigmaton_engine_options {
    pub size: u32,
    pub routing: c_int,
    pub product: *const c_char,
    pub category: *const c_char,
    pub service: *const c_char,
    pub regex: c_int,
    pub eval: *const c_void,
    pub judge: *const c_void,
}

#[repr(C)]
pub struct sigmaton_verdict {
    pub hits: *const u64,
    pub unjudged: *const u64,
    pub n_rules: u32,
    pub n_hits: u32,
    pub n_unjudged: u32,
    pub slots: *const sigmaton_slot,
    pub error: *const c_char,
    pub error_off: usize,
}

#[repr(C)]
pub struct sigmaton_logsource {
    pub product: *const c_char,
    pub category: *const c_char,
    pub service: *const c_char,
}

#[repr(C)]
pub struct sigmaton_pair {
    pub name: *const c_char,
    pub value: *const c_char,
    pub name_len: u32,
    pub value_len: u32,
    pub kind: u32,
    pub reserved: u32,
}

#[repr(C)]
pub struct sigmaton_event {
    pub size: u32,
    pub form: c_int,
    pub of: *const c_void,
    pub n: usize,
    pub source: *const sigmaton_logsource,
}

extern "C" {
    pub fn sigmaton_status_text(status: sigmaton_status) -> *const c_char;
    pub fn sigmaton_open(
        path: *const c_char,
        options: *const sigmaton_open_options,
        ret_file: *mut *mut sigmaton_file,
        ret_why: *mut *const c_char,
    ) -> sigmaton_status;
    pub fn sigmaton_close(file: *mut sigmaton_file);
    pub fn sigmaton_engine_load(
        file: *mut sigmaton_file,
        options: *const sigmaton_engine_options,
        ret_engine: *mut *mut sigmaton_engine,
        ret_why: *mut *const c_char,
    ) -> sigmaton_status;
    pub fn sigmaton_engine_destroy(engine: *mut sigmaton_engine);
    pub fn sigmaton_scratch_create(
        engine: *const sigmaton_engine,
        ret: *mut *mut sigmaton_scratch,
    ) -> sigmaton_status;
    pub fn sigmaton_scratch_destroy(scratch: *mut sigmaton_scratch);
    pub fn sigmaton_eval(
        engine: *const sigmaton_engine,
        scratch: *mut sigmaton_scratch,
        event: *const sigmaton_event,
        ret: *mut sigmaton_verdict,
    ) -> sigmaton_status;
    pub fn sigmaton_next_hit(verdict: *const sigmaton_verdict, from: u32) -> u32;
    pub fn sigmaton_next_unjudged(verdict: *const sigmaton_verdict, from: u32) -> u32;
    pub fn sigmaton_live_create(
        engine: *mut sigmaton_engine,
        ret: *mut *mut sigmaton_live,
    ) -> sigmaton_status;
    pub fn sigmaton_live_destroy(live: *mut sigmaton_live);
    pub fn sigmaton_live_swap(
        live: *mut sigmaton_live,
        engine: *mut sigmaton_engine,
    ) -> sigmaton_status;
    pub fn sigmaton_reader_create(
        live: *mut sigmaton_live,
        ret: *mut *mut sigmaton_reader,
    ) -> sigmaton_status;
    pub fn sigmaton_reader_destroy(reader: *mut sigmaton_reader);
    pub fn sigmaton_reader_eval(
        reader: *mut sigmaton_reader,
        event: *const sigmaton_event,
        ret: *mut sigmaton_verdict,
    ) -> sigmaton_status;
    pub fn sigmaton_reader_engine(reader: *const sigmaton_reader) -> *const sigmaton_engine;
    pub fn sigmaton_n_rules(engine: *const sigmaton_engine) -> u32;
    pub fn sigmaton_rule_at(engine: *const sigmaton_engine, index: u32) -> *const sigmaton_rule;
    pub fn sigmaton_ref_text(
        engine: *const sigmaton_engine,
        at: sigmaton_ref,
        ret_len: *mut usize,
    ) -> *const c_char;
    pub fn sigmaton_rule_tag(
        engine: *const sigmaton_engine,
        rule: u32,
        index: u32,
        ret_len: *mut usize,
    ) -> *const c_char;
    pub fn sigmaton_n_slots(engine: *const sigmaton_engine) -> u32;
    pub fn sigmaton_slot_name(
        engine: *const sigmaton_engine,
        slot: u32,
        ret_len: *mut usize,
    ) -> *const c_char;
    pub fn sigmaton_slot_find(
        engine: *const sigmaton_engine,
        name: *const c_char,
        len: usize,
    ) -> u32;
    pub fn sigmaton_level_text(level: u32) -> *const c_char;
    pub fn sigmaton_rule_status_text(status: u32) -> *const c_char;
    pub fn sigmaton_version() -> *const c_char;
}
