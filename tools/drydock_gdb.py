"""For gdb: shows the kernel's types in readable form, and stops a replay before an event.

`drydock replay FILE --gdb` loads this. By hand, on any drydock program or on the image's drydock.elf.debug:

    (gdb) source tools/drydock_gdb.py
    (gdb) drydock-stop-before 488      runs the program up to the event and selects the kernel's frame
    (gdb) drydock-frames               the kernel's frames alone, each with its size
"""

import pathlib
import re

import gdb
import gdb.FrameDecorator
import gdb.printing

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
# Where the simulator waits, where the kernel gives up, where an oracle ends a run.
STOPS = ("drydock_sim_reached_event", "drydock::assertion_failed", "drydock::sim::Machine::finish")
CRASHES = ("SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGTRAP")
MOST_ELEMENTS = 200


class TextPrinter:
    """StringView: a text that ends where it says."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        if self.value["size_"].is_optimized_out or self.value["data_"].is_optimized_out:
            return "<optimized out>"
        return self.value["data_"].lazy_string(length=int(self.value["size_"]))

    @staticmethod
    def display_hint():
        return "string"


class SpanPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        if self.value["size_"].is_optimized_out or self.value["data_"].is_optimized_out:
            return "<optimized out>"
        return f"{int(self.value['size_'])} elements at {int(self.value['data_']):#x}"

    def children(self):
        if self.value["size_"].is_optimized_out or self.value["data_"].is_optimized_out:
            return
        for index in range(min(int(self.value["size_"]), MOST_ELEMENTS)):
            yield f"[{index}]", self.value["data_"][index]

    @staticmethod
    def display_hint():
        return "array"


class AddressPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        number = self.value["value"]
        return "<optimized out>" if number.is_optimized_out else f"{int(number):#x}"


class OwnerPrinter:
    """Ref and Own: the object, with its dynamic type and how many own it."""

    def __init__(self, value):
        self.pointer = value["object_"]

    def to_string(self):
        if self.pointer.is_optimized_out:
            return "<optimized out>"
        if int(self.pointer) == 0:
            return "null"
        pointer = self.pointer.cast(self.pointer.dynamic_type)
        text = f"({pointer.type}) {int(pointer):#x}"
        try:
            return f"{text}, {int(pointer['references_'])} references"
        except gdb.error:
            return text


class ResultPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        names = [field.name for field in self.value.type.fields()]
        is_error = not bool(self.value["holds_value_"]) if "holds_value_" in names else int(self.value["error_"]) != 0
        if is_error:
            return f"error {self.value['error_']}"
        return "value" if "value_" in names else "done"

    def children(self):
        names = [field.name for field in self.value.type.fields()]
        if "value_" in names and bool(self.value["holds_value_"]):
            yield "value", self.value["value_"]


class ListPrinter:
    """List<T, &T::hook_>: the elements in their order."""

    def __init__(self, value):
        self.value = value

    def elements(self):
        element = self.value.type.template_argument(0)
        hook = self.value.type.template_argument(1)
        offset = int(hook.cast(gdb.lookup_type("long")))
        head = self.value["head_"]
        at = head["next_"]
        for _ in range(MOST_ELEMENTS):
            if int(at) in (0, int(head.address)):
                return
            yield gdb.Value(int(at) - offset).cast(element.pointer()).dereference()
            at = at.dereference()["next_"]

    def to_string(self):
        count = sum(1 for _ in self.elements())
        return f"{count} elements" if count < MOST_ELEMENTS else f"more than {MOST_ELEMENTS} elements"

    def children(self):
        for index, element in enumerate(self.elements()):
            yield f"[{index}]", element.address

    @staticmethod
    def display_hint():
        return "array"


def printers():
    found = gdb.printing.RegexpCollectionPrettyPrinter("drydock")
    for name, pattern, printer in (("StringView", "StringView$", TextPrinter), ("Span", "Span<.*>$", SpanPrinter),
                                   ("Address", "(User|Phys)Addr$", AddressPrinter),
                                   ("Owner", "(Ref|Own)<.*>$", OwnerPrinter),
                                   ("Result", "Result<.*>$", ResultPrinter), ("List", "List<.*>$", ListPrinter)):
        found.add_printer(name, "^drydock::" + pattern, printer)
    return found


def is_kernel(frame):
    """Whether a frame is of the kernel's own code: drydock:: and neither its simulator, nor its door."""
    name = frame.name() or ""
    return name.startswith("drydock::") and not re.match(
        r"drydock::(sim|hwmodel|guest|Platform|assertion_failed)\b", name)


def kernel_frames():
    frame = gdb.newest_frame()
    while frame is not None:
        if is_kernel(frame):
            yield frame
        frame = frame.older()


class DoorNames:
    """In a backtrace, names the step from the platform's stack to the kernel's, which gdb takes for a signal."""

    def __init__(self):
        self.name, self.priority, self.enabled = "drydock", 100, True
        gdb.frame_filters[self.name] = self

    @staticmethod
    def filter(frames):
        for frame in frames:
            is_door = frame.inferior_frame().type() == gdb.SIGTRAMP_FRAME
            yield Door(frame) if is_door else frame


class Door(gdb.FrameDecorator.FrameDecorator):
    def function(self):
        return "(door between kernel and platform)"


class StopBefore(gdb.Command):
    """drydock-stop-before EVENT: runs a replay up to the event and selects the frame of the kernel that makes it.

The program's arguments must tell the replay the same event (--signal-before EVENT), as `drydock replay --gdb` does. A
failing assertion, a crash of the kernel and the end of the run stop it as well."""

    def __init__(self):
        super().__init__("drydock-stop-before", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        gdb.execute("set pagination off")
        gdb.execute("set print frame-arguments scalars")
        gdb.execute("handle SIGPROF nostop noprint pass", to_string=True)
        for name in CRASHES:
            gdb.execute(f"handle {name} stop nopass", to_string=True)
        for stop in STOPS:
            gdb.Breakpoint(stop, internal=True)
        gdb.execute("run")
        if gdb.selected_inferior().pid == 0:
            print(f"drydock: the run was over before event {argument}")
            return
        # A helper that passes events on is not where they come from.
        frame = next((frame for frame in kernel_frames() if not frame.name().endswith("::record")), None)
        if frame is None:
            print(f"drydock: event {argument}, and no frame of the kernel on this stack")
            return
        reason = "about to make" if gdb.newest_frame().name() == STOPS[0] else "stopped at or before"
        print(f"drydock: the kernel {reason} event {argument}:")
        frame.select()
        gdb.execute("frame")


class Frames(gdb.Command):
    """drydock-frames: the kernel's frames, innermost first, with their sizes in bytes."""

    def __init__(self):
        super().__init__("drydock-frames", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        stack = gdb.lookup_type("long")
        for frame in kernel_frames():
            older = frame.older()
            low = int(frame.read_register("rsp").cast(stack))
            size = int(older.read_register("rsp").cast(stack)) - low if older is not None and older.is_valid() else 0
            place = frame.find_sal()
            where = f"{place.symtab.filename}:{place.line}" if place.symtab else ""
            print(f"#{frame.level():<3} {size:>6} bytes  {frame.name()}  {where}")


gdb.printing.register_pretty_printer(None, printers(), replace=True)
gdb.execute(f"directory {REPOSITORY}", to_string=True)
DoorNames()
StopBefore()
Frames()
