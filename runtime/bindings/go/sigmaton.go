// Package sigmaton judges events with packs of compiled Sigma rules.
//
//	engine, err := sigmaton.Open("pack.so")
//	scratch, err := engine.NewScratch()
//	verdict, err := scratch.JudgeJSON(line, nil)
//	for _, rule := range verdict.Hits { fmt.Println(rule.ID, rule.Title) }
//
// An Engine is shared by all goroutines; a Scratch, or a Reader of a Live, is one goroutine's at a time.
// Close scratches before their engine and readers before their live handle. It is a thin layer over
// libsigmaton, which it links to; point CGO_CFLAGS and CGO_LDFLAGS at it where it is not installed.
package sigmaton

/*
#cgo LDFLAGS: -lsigmaton
#include <sigmaton/sigmaton.h>
#include <stdlib.h>

// Pointers to Go memory may not be stored in C memory that Go passes; so the event is put together here.
static enum sigmaton_status judge(const struct sigmaton_engine *engine, struct sigmaton_scratch *scratch,
                                  struct sigmaton_reader *reader, int form, const void *of, size_t n,
                                  const struct sigmaton_logsource *source, struct sigmaton_verdict *ret)
{
    struct sigmaton_event event = {sizeof event, (enum sigmaton_form)form, of, n, source};
    return reader ? sigmaton_reader_eval(reader, &event, ret) : sigmaton_eval(engine, scratch, &event, ret);
}

// A union is bytes to Go.
static void set_slot(struct sigmaton_slot *slot, const char *text, size_t len, uint64_t number, uint32_t kind)
{
    *slot = sigmaton_text(text, len);
    slot->number = number;
    slot->kind = kind;
}
*/
import "C"

import (
	"math"
	"runtime"
	"strconv"
	"unsafe"
)

// Status is what libsigmaton answers; 0 is no error and never returned as one.
type Status int

// Error gives the library's phrase for a status.
func (s Status) Error() string {
	return C.GoString(C.sigmaton_status_text(C.enum_sigmaton_status(s)))
}

// The statuses that errors unwrap to, for errors.Is.
const (
	ErrNoMemory  Status = C.SIGMATON_ENOMEM
	ErrInvalid   Status = C.SIGMATON_EINVAL
	ErrPack      Status = C.SIGMATON_EPACK
	ErrABI       Status = C.SIGMATON_EABI
	ErrRegex     Status = C.SIGMATON_EREGEX
	ErrEvent     Status = C.SIGMATON_EEVENT
	ErrLimit     Status = C.SIGMATON_ELIMIT
	ErrTarget    Status = C.SIGMATON_ETARGET
	ErrHash      Status = C.SIGMATON_EHASH
	ErrIO        Status = C.SIGMATON_EIO
	ErrSignature Status = C.SIGMATON_ESIGNATURE
	ErrBuild     Status = C.SIGMATON_EBUILD
)

// Error is a refused pack or event: its status, the phrase that says why, and for events the byte where.
type Error struct {
	Status Status
	Why    string
	Offset int
}

func (e *Error) Error() string { return "sigmaton: " + e.Why }

// Unwrap gives the status, for errors.Is(err, sigmaton.ErrHash).
func (e *Error) Unwrap() error { return e.Status }

func failure(status C.enum_sigmaton_status, why *C.char, offset C.size_t) error {
	phrase := Status(status).Error()
	if why != nil {
		phrase = C.GoString(why)
	}
	return &Error{Status(status), phrase, int(offset)}
}

// Rule is what a pack says of a rule; texts are "" where the rule says nothing.
type Rule struct {
	Index                            int
	ID, Title, Level, Status         string
	Product, Category, Service, File string
	Tags                             []string
}

// Verdict is the answer to one event. Unjudged are rules without one, because a regex ran into its limit.
type Verdict struct {
	Hits, Unjudged []Rule
}

// Logsource says where an event comes from, when its sender knows; "" is not given.
type Logsource struct {
	Product, Category, Service string
}

// Kind is what JSON type a pair's value has.
type Kind uint32

// The kinds of values. Text is the zero Kind's meaning too.
const (
	Null   Kind = C.SIGMATON_NULL
	Bool   Kind = C.SIGMATON_BOOL
	Int    Kind = C.SIGMATON_INT
	Uint   Kind = C.SIGMATON_UINT
	Double Kind = C.SIGMATON_DOUBLE
	Text   Kind = C.SIGMATON_TEXT
)

// Slot is a field of a flat event by its number, which Engine.Slot gives; Value and Kind as a Pair's.
type Slot struct {
	Number int
	Value  string
	Kind   Kind
}

// Pair is a field of a flat event. Of numbers Value is the text as JSON writes it, of booleans true or false.
type Pair struct {
	Name, Value string
	Kind        Kind
}

// Version is that of libsigmaton.
func Version() string { return C.GoString(C.sigmaton_version()) }

// Engine is a pack, checked and ready.
type Engine struct{ c *C.struct_sigmaton_engine }

// Routing says which rules meet which events.
type Routing int

// By what events say of themselves, every rule every event, or by Options.Logsource.
const (
	RouteAuto  Routing = C.SIGMATON_ROUTE_AUTO
	RouteNone  Routing = C.SIGMATON_ROUTE_NONE
	RouteGiven Routing = C.SIGMATON_ROUTE_GIVEN
)

// Regex says how PCRE2 runs the regexes that are left to it.
type Regex int

// The interpreter, unless the JIT is asked for, which wants a page that is writable and executable.
const (
	RegexAuto   Regex = C.SIGMATON_REGEX_AUTO
	RegexJIT    Regex = C.SIGMATON_REGEX_JIT
	RegexInterp Regex = C.SIGMATON_REGEX_INTERP
)

// Options of an engine; the zero Options are the usual ones.
type Options struct {
	// VerifyKey is minisign's public key, the base64 or all of its file: the pack must be signed with it, in path.minisig.
	VerifyKey string
	Routing   Routing
	Logsource Logsource // of all events, where Routing is RouteGiven
	Regex     Regex
}

// texts are C strings, NULL for "", that are freed together.
type texts []*C.char

func (t *texts) of(text string) *C.char {
	if text == "" {
		return nil
	}
	*t = append(*t, C.CString(text))
	return (*t)[len(*t)-1]
}

func (t *texts) free() {
	for _, text := range *t {
		C.free(unsafe.Pointer(text))
	}
}

// Open checks the pack file at path, whole, and prepares it. The file may be replaced afterwards.
func Open(path string) (*Engine, error) { return OpenWith(path, Options{}) }

// OpenWith is Open with options.
func OpenWith(path string, o Options) (*Engine, error) {
	var kept texts
	defer kept.free()
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	opening := C.struct_sigmaton_open_options{size: C.sizeof_struct_sigmaton_open_options, verify_key: kept.of(o.VerifyKey)}
	options := C.struct_sigmaton_engine_options{
		size: C.sizeof_struct_sigmaton_engine_options, routing: C.enum_sigmaton_routing(o.Routing), regex: C.enum_sigmaton_regex_mode(o.Regex),
		product: kept.of(o.Logsource.Product), category: kept.of(o.Logsource.Category), service: kept.of(o.Logsource.Service),
	}
	var file *C.struct_sigmaton_file
	var engine *C.struct_sigmaton_engine
	var why *C.char
	if status := C.sigmaton_open(name, &opening, &file, &why); status != C.SIGMATON_OK {
		return nil, failure(status, why, 0)
	}
	if status := C.sigmaton_engine_load(file, &options, &engine, &why); status != C.SIGMATON_OK {
		C.sigmaton_close(file)
		return nil, failure(status, why, 0)
	}
	return &Engine{engine}, nil
}

// Slot is the number of a field, false where nothing looks at it. Once at start, not per event.
func (e *Engine) Slot(name string) (int, bool) {
	if e.c == nil {
		return 0, false
	}
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	slot := C.sigmaton_slot_find(e.c, text, C.size_t(len(name)))
	return int(slot), slot != C.SIGMATON_NO_SLOT
}

// Slots lists the fields that the pack looks at, by number.
func (e *Engine) Slots() []string {
	if e.c == nil {
		return nil
	}
	names := make([]string, int(C.sigmaton_n_slots(e.c)))
	var n C.size_t
	for i := range names {
		at := C.sigmaton_slot_name(e.c, C.uint32_t(i), &n)
		names[i] = C.GoStringN(at, C.int(n))
	}
	return names
}

// Close gives the engine back; scratches first. A second time, or after a Live took it, does nothing.
func (e *Engine) Close() {
	C.sigmaton_engine_destroy(e.c)
	e.c = nil
}

// Rules lists the rules of the pack.
func (e *Engine) Rules() []Rule {
	if e.c == nil {
		return nil
	}
	rules := make([]Rule, int(C.sigmaton_n_rules(e.c)))
	for i := range rules {
		rules[i] = ruleAt(e.c, C.uint32_t(i))
	}
	return rules
}

func refText(engine *C.struct_sigmaton_engine, ref C.struct_sigmaton_ref) string {
	var n C.size_t
	text := C.sigmaton_ref_text(engine, ref, &n)
	return C.GoStringN(text, C.int(n))
}

func ruleAt(engine *C.struct_sigmaton_engine, i C.uint32_t) Rule {
	row := C.sigmaton_rule_at(engine, i)
	rule := Rule{
		Index: int(i), ID: refText(engine, row.id), Title: refText(engine, row.title), File: refText(engine, row.file),
		Product: refText(engine, row.product), Category: refText(engine, row.category), Service: refText(engine, row.service),
		Level:  C.GoString(C.sigmaton_level_text(row.level)),
		Status: C.GoString(C.sigmaton_rule_status_text(row.status)),
	}
	var n C.size_t
	for t := C.uint32_t(0); ; t++ {
		tag := C.sigmaton_rule_tag(engine, i, t, &n)
		if tag == nil {
			return rule
		}
		rule.Tags = append(rule.Tags, C.GoStringN(tag, C.int(n)))
	}
}

// judge calls the library; of is memory of n elements in that form.
func judge(engine *C.struct_sigmaton_engine, scratch *C.struct_sigmaton_scratch, reader *C.struct_sigmaton_reader, form C.int,
	of unsafe.Pointer, n int, source *Logsource) (Verdict, error) {
	var from *C.struct_sigmaton_logsource
	if source != nil {
		from = &C.struct_sigmaton_logsource{}
		var kept texts
		defer kept.free()
		from.product, from.category, from.service = kept.of(source.Product), kept.of(source.Category), kept.of(source.Service)
	}
	var v C.struct_sigmaton_verdict
	status := C.judge(engine, scratch, reader, form, of, C.size_t(n), from, &v)
	if status != C.SIGMATON_OK {
		return Verdict{}, failure(status, v.error, v.error_off)
	}
	if reader != nil {
		engine = C.sigmaton_reader_engine(reader)
	}
	var verdict Verdict
	for i := C.sigmaton_next_hit(&v, 0); i < v.n_rules; i = C.sigmaton_next_hit(&v, i+1) {
		verdict.Hits = append(verdict.Hits, ruleAt(engine, i))
	}
	for i := C.sigmaton_next_unjudged(&v, 0); i < v.n_rules; i = C.sigmaton_next_unjudged(&v, i+1) {
		verdict.Unjudged = append(verdict.Unjudged, ruleAt(engine, i))
	}
	return verdict, nil
}

func judgeJSON(engine *C.struct_sigmaton_engine, scratch *C.struct_sigmaton_scratch, reader *C.struct_sigmaton_reader, line []byte,
	source *Logsource) (Verdict, error) {
	if len(line) == 0 {
		line = []byte{' '} // an address is wanted; blanks are no event either
	}
	return judge(engine, scratch, reader, C.SIGMATON_FORM_JSON, unsafe.Pointer(&line[0]), len(line), source)
}

func judgePairs(engine *C.struct_sigmaton_engine, scratch *C.struct_sigmaton_scratch, reader *C.struct_sigmaton_reader, pairs []Pair,
	source *Logsource) (Verdict, error) {
	rows := (*C.struct_sigmaton_pair)(C.calloc(C.size_t(len(pairs)+1), C.sizeof_struct_sigmaton_pair))
	defer C.free(unsafe.Pointer(rows))
	cells := unsafe.Slice(rows, len(pairs))
	for i := range cells {
		at := &cells[i]
		at.name, at.name_len = C.CString(pairs[i].Name), C.uint32_t(len(pairs[i].Name))
		defer C.free(unsafe.Pointer(at.name))
		at.value, at.value_len = C.CString(pairs[i].Value), C.uint32_t(len(pairs[i].Value))
		defer C.free(unsafe.Pointer(at.value))
		if at.kind = C.uint32_t(pairs[i].Kind); at.kind == 0 {
			at.kind = C.SIGMATON_TEXT
		}
	}
	return judge(engine, scratch, reader, C.SIGMATON_FORM_PAIRS, unsafe.Pointer(rows), len(pairs), source)
}

// number is the value's 64 bits, as a slot has it beside the text.
func (s Slot) number() (bits uint64, err error) {
	switch s.Kind {
	case Bool:
		if s.Value == "true" {
			bits = 1
		}
	case Int:
		var n int64
		n, err = strconv.ParseInt(s.Value, 10, 64)
		bits = uint64(n)
	case Uint:
		bits, err = strconv.ParseUint(s.Value, 10, 64)
	case Double:
		var f float64
		f, err = strconv.ParseFloat(s.Value, 64)
		bits = math.Float64bits(f)
	}
	return bits, err
}

func judgeSlots(engine *C.struct_sigmaton_engine, scratch *C.struct_sigmaton_scratch, slots []Slot, source *Logsource) (Verdict, error) {
	n := 0
	if engine != nil {
		n = int(C.sigmaton_n_slots(engine))
	}
	rows := (*C.struct_sigmaton_slot)(C.calloc(C.size_t(n+1), C.sizeof_struct_sigmaton_slot))
	defer C.free(unsafe.Pointer(rows))
	cells := unsafe.Slice(rows, n)
	for _, slot := range slots {
		bits, err := slot.number()
		if err != nil || slot.Number < 0 || slot.Number >= n {
			return Verdict{}, failure(C.SIGMATON_EINVAL, nil, 0)
		}
		text := C.CString(slot.Value)
		defer C.free(unsafe.Pointer(text))
		kind := C.uint32_t(slot.Kind)
		if kind == 0 {
			kind = C.SIGMATON_TEXT
		}
		C.set_slot(&cells[slot.Number], text, C.size_t(len(slot.Value)), C.uint64_t(bits), kind)
	}
	return judge(engine, scratch, nil, C.SIGMATON_FORM_SLOTS, unsafe.Pointer(rows), n, source)
}

// Scratch is what one goroutine judges with.
type Scratch struct {
	c      *C.struct_sigmaton_scratch
	engine *Engine
}

// NewScratch makes a scratch of the engine.
func (e *Engine) NewScratch() (*Scratch, error) {
	var c *C.struct_sigmaton_scratch
	if status := C.sigmaton_scratch_create(e.c, &c); status != C.SIGMATON_OK {
		return nil, failure(status, nil, 0)
	}
	return &Scratch{c, e}, nil
}

// Close gives the scratch back. A second time does nothing.
func (s *Scratch) Close() {
	C.sigmaton_scratch_destroy(s.c)
	s.c = nil
}

// JudgeJSON judges one JSON object, without its line end. source may be nil.
func (s *Scratch) JudgeJSON(line []byte, source *Logsource) (Verdict, error) {
	defer runtime.KeepAlive(s.engine)
	return judgeJSON(s.engine.c, s.c, nil, line, source)
}

// JudgePairs judges a flat event. source may be nil.
func (s *Scratch) JudgePairs(pairs []Pair, source *Logsource) (Verdict, error) {
	defer runtime.KeepAlive(s.engine)
	return judgePairs(s.engine.c, s.c, nil, pairs, source)
}

// JudgeSlots judges a flat event whose fields go by number: no name is looked up. source may be nil.
func (s *Scratch) JudgeSlots(slots []Slot, source *Logsource) (Verdict, error) {
	defer runtime.KeepAlive(s.engine)
	return judgeSlots(s.engine.c, s.c, slots, source)
}

// Live is a handle whose engine can be replaced while goroutines judge with it.
type Live struct{ c *C.struct_sigmaton_live }

// NewLive takes the engine, where it succeeds.
func NewLive(engine *Engine) (*Live, error) {
	var c *C.struct_sigmaton_live
	if status := C.sigmaton_live_create(engine.c, &c); status != C.SIGMATON_OK {
		return nil, failure(status, nil, 0)
	}
	engine.c = nil
	return &Live{c}, nil
}

// Swap takes the newer engine; once it has returned no event begins with the old one. Where it fails the old one goes
// on and the newer stays the caller's. One call at a time.
func (l *Live) Swap(newer *Engine) error {
	if status := C.sigmaton_live_swap(l.c, newer.c); status != C.SIGMATON_OK {
		return failure(status, nil, 0)
	}
	newer.c = nil
	return nil
}

// Close gives the handle and its engines back; readers first.
func (l *Live) Close() {
	C.sigmaton_live_destroy(l.c)
	l.c = nil
}

// Reader is one goroutine's place at a live handle.
type Reader struct{ c *C.struct_sigmaton_reader }

// NewReader makes a place.
func (l *Live) NewReader() (*Reader, error) {
	var c *C.struct_sigmaton_reader
	if status := C.sigmaton_reader_create(l.c, &c); status != C.SIGMATON_OK {
		return nil, failure(status, nil, 0)
	}
	return &Reader{c}, nil
}

// Close gives the place back. A second time does nothing.
func (r *Reader) Close() {
	C.sigmaton_reader_destroy(r.c)
	r.c = nil
}

// JudgeJSON is Scratch.JudgeJSON with the engine of the moment.
func (r *Reader) JudgeJSON(line []byte, source *Logsource) (Verdict, error) {
	if r.c == nil {
		return Verdict{}, failure(C.SIGMATON_EINVAL, nil, 0)
	}
	return judgeJSON(nil, nil, r.c, line, source)
}

// JudgePairs is Scratch.JudgePairs with the engine of the moment.
func (r *Reader) JudgePairs(pairs []Pair, source *Logsource) (Verdict, error) {
	if r.c == nil {
		return Verdict{}, failure(C.SIGMATON_EINVAL, nil, 0)
	}
	return judgePairs(nil, nil, r.c, pairs, source)
}
