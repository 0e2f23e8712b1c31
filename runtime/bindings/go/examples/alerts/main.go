// Alerts judges NDJSON from stdin with a pack and prints record, rule id and title per alert, tabs between.
//
//	alerts [OPTION...] PACK [--swap NEWER]      after the first event with an alert NEWER is the pack
//	alerts [OPTION...] PACK NAME=VALUE...       judges that one event instead
//	alerts [OPTION...] PACK --rules             what the pack says of its rules
//
// --key PUBKEY: only a pack that this key of minisign signed. --source PRODUCT/CATEGORY: where all events come from.
// --slots: the event's fields go by number.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"sigmaton"
)

func show(record int, verdict sigmaton.Verdict) {
	for _, rule := range verdict.Hits {
		fmt.Printf("%d\t%s\t%s\n", record, rule.ID, rule.Title)
	}
}

func stream(judge func([]byte, *sigmaton.Logsource) (sigmaton.Verdict, error), afterAlert func() error) error {
	in := bufio.NewReader(os.Stdin)
	for record := 1; ; record++ {
		line, end := in.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			verdict, err := judge(line, nil)
			if err != nil {
				fmt.Fprintf(os.Stderr, "alerts: record %d: %v\n", record, err)
			}
			show(record, verdict)
			if len(verdict.Hits) > 0 {
				if err := afterAlert(); err != nil {
					return err
				}
			}
		}
		if errors.Is(end, io.EOF) {
			return nil
		} else if end != nil {
			return end
		}
	}
}

func swapping(engine *sigmaton.Engine, path string) error {
	newer, err := sigmaton.Open(path)
	if err != nil {
		return err
	}
	defer newer.Close()
	live, err := sigmaton.NewLive(engine)
	if err != nil {
		return err
	}
	defer live.Close()
	reader, err := live.NewReader()
	if err != nil {
		return err
	}
	defer reader.Close()
	swapped := false
	return stream(reader.JudgeJSON, func() error {
		if swapped {
			return nil
		}
		swapped = true
		return live.Swap(newer)
	})
}

func one(engine *sigmaton.Engine, scratch *sigmaton.Scratch, args []string, bySlot bool) (sigmaton.Verdict, error) {
	var pairs []sigmaton.Pair
	var slots []sigmaton.Slot
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		kind := sigmaton.Text
		if _, err := strconv.ParseInt(value, 10, 64); err == nil {
			kind = sigmaton.Int
		}
		pairs = append(pairs, sigmaton.Pair{Name: name, Value: value, Kind: kind})
		if slot, found := engine.Slot(name); found {
			slots = append(slots, sigmaton.Slot{Number: slot, Value: value, Kind: kind})
		}
	}
	if bySlot {
		return scratch.JudgeSlots(slots, nil)
	}
	return scratch.JudgePairs(pairs, nil)
}

func run() error {
	var options sigmaton.Options
	flag.StringVar(&options.VerifyKey, "key", "", "only a pack that this key signed")
	source := flag.String("source", "", "where all events come from")
	bySlot := flag.Bool("slots", false, "the event's fields go by number")
	flag.Parse()
	args := flag.Args()
	if len(args) == 0 {
		return errors.New("a pack is wanted")
	}
	if *source != "" {
		options.Routing = sigmaton.RouteGiven
		options.Logsource.Product, options.Logsource.Category, _ = strings.Cut(*source, "/")
	}
	engine, err := sigmaton.OpenWith(args[0], options)
	if err != nil {
		return err
	}
	defer engine.Close()
	if len(args) == 3 && args[1] == "--swap" {
		return swapping(engine, args[2])
	}
	if len(args) == 2 && args[1] == "--rules" {
		for _, r := range engine.Rules() {
			fmt.Println(strings.Join([]string{r.ID, r.Level, r.Status, r.Product, r.Category, r.Service, strings.Join(r.Tags, ",")}, "\t"))
		}
		return nil
	}
	scratch, err := engine.NewScratch()
	if err != nil {
		return err
	}
	defer scratch.Close()
	if len(args) == 1 {
		return stream(scratch.JudgeJSON, func() error { return nil })
	}
	verdict, err := one(engine, scratch, args[1:], *bySlot)
	show(1, verdict)
	return err
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "alerts:", err)
		os.Exit(2)
	}
}
