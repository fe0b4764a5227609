#include "sim/applets.h"

#include <algorithm>
#include <iterator>

namespace drydock::sim {

namespace {

// Where BusyBox 1.35's own `--list-full` puts its applets, apart from /bin. Sorted.
constexpr std::string_view kSbin[] = {
    "acpid",       "adjtimex", "arp",
    "blockdev",    "depmod",   "devmem",
    "fdisk",       "findfs",   "freeramdisk",
    "fstrim",      "getty",    "halt",
    "hwclock",     "ifconfig", "ifdown",
    "ifup",        "init",     "insmod",
    "ip",          "ipneigh",  "klogd",
    "loadkmap",    "logread",  "losetup",
    "lsmod",       "mdev",     "mkdosfs",
    "mke2fs",      "mkswap",   "modinfo",
    "modprobe",    "nameif",   "pivot_root",
    "poweroff",    "reboot",   "rmmod",
    "route",       "run-init", "start-stop-daemon",
    "sulogin",     "swapoff",  "swapon",
    "switch_root", "sysctl",   "syslogd",
    "tc",          "tunctl",   "udhcpc",
    "uevent",      "vconfig",  "watchdog",
};
constexpr std::string_view kUsrBin[] = {
    "[",           "[[",       "ar",         "ascii",      "awk",         "basename",   "bc",
    "blkdiscard",  "bunzip2",  "bzcat",      "bzip2",      "cal",         "chvt",       "clear",
    "cmp",         "crc32",    "crontab",    "cut",        "dc",          "deallocvt",  "diff",
    "dirname",     "dos2unix", "dpkg",       "dpkg-deb",   "du",          "dumpleases", "env",
    "expand",      "expr",     "factor",     "fallocate",  "find",        "fold",       "free",
    "ftpget",      "ftpput",   "groups",     "head",       "hexdump",     "hostid",     "id",
    "killall",     "last",     "less",       "logger",     "logname",     "lsscsi",     "lzcat",
    "lzma",        "md5sum",   "microcom",   "mkfifo",     "mkpasswd",    "nc",         "nl",
    "nproc",       "nsenter",  "nslookup",   "od",         "openvt",      "passwd",     "paste",
    "patch",       "printf",   "realpath",   "renice",     "reset",       "rpm2cpio",   "seq",
    "setkeycodes", "setsid",   "sha1sum",    "sha256sum",  "sha3sum",     "sha512sum",  "shred",
    "shuf",        "sort",     "ssl_client", "strings",    "svc",         "svok",       "tac",
    "tail",        "taskset",  "tee",        "telnet",     "test",        "tftp",       "time",
    "timeout",     "top",      "tr",         "traceroute", "traceroute6", "truncate",   "ts",
    "tty",         "unexpand", "uniq",       "unix2dos",   "unlink",      "unlzma",     "unshare",
    "unxz",        "unzip",    "uptime",     "uudecode",   "uuencode",    "w",          "wc",
    "wget",        "which",    "who",        "whoami",     "xargs",       "xxd",        "xz",
    "xzcat",       "yes",
};
constexpr std::string_view kUsrSbin[] = {
    "arping",    "brctl",  "chroot",  "crond",       "fsfreeze", "httpd", "i2cdetect",
    "i2cdump",   "i2cget", "i2cset",  "i2ctransfer", "loadfont", "mim",   "nologin",
    "partprobe", "rdate",  "telnetd", "ubirename",   "udhcpd",
};

template <typename Names>
bool contains(Names const& names, std::string_view name)
{
    return std::binary_search(std::begin(names), std::end(names), name);
}

}  // namespace

std::vector<std::string_view> find_applets(std::string_view program)
{
    // The names stand in a table of zero-terminated strings, sorted, that an empty one ends; "["
    // and
    // "[[" come first.
    constexpr std::string_view kStart("[\0[[\0", 5);
    std::vector<std::string_view> names;
    usize at = program.find(kStart);
    while (at < program.size()) {
        usize const end = program.find('\0', at);
        if (end == std::string_view::npos || end == at) break;
        names.push_back(program.substr(at, end - at));
        at = end + 1;
    }
    return names;
}

std::string_view folder_of_applet(std::string_view name)
{
    if (name == "linuxrc") return "";
    if (contains(kSbin, name)) return "sbin/";
    if (contains(kUsrBin, name)) return "usr/bin/";
    if (contains(kUsrSbin, name)) return "usr/sbin/";
    return "bin/";
}

}  // namespace drydock::sim
