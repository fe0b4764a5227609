// setxattr(2), getxattr(2), removexattr(2): values of any bytes, sizes asked for first, XATTR_CREATE and XATTR_REPLACE,
// what is too small and too large.
#include "tests/contracts/contract.h"
#include <sys/xattr.h>

int main(void)
{
    static char large[70000];
    char text[32] = {0};
    make_file("f", "");
    show("get what is not there", getxattr("f", "user.a", text, sizeof text));
    show("set", setxattr("f", "user.a", "value\0more", 10, 0));
    show("size", getxattr("f", "user.a", NULL, 0));
    show("get", getxattr("f", "user.a", text, sizeof text));
    printf("%s %s\n", text, text + 6);
    show("exactly", getxattr("f", "user.a", text, 10));
    show("too small", getxattr("f", "user.a", text, 9));
    show("create what is there", setxattr("f", "user.a", "x", 1, XATTR_CREATE));
    show("replace", setxattr("f", "user.a", "xy", 2, XATTR_REPLACE));
    show("get", getxattr("f", "user.a", text, sizeof text));
    show("replace what is not there", setxattr("f", "user.b", "x", 1, XATTR_REPLACE));
    show("create", setxattr("f", "user.b", "", 0, XATTR_CREATE));
    show("an empty value", getxattr("f", "user.b", text, sizeof text));
    show("both flags", setxattr("f", "user.c", "x", 1, XATTR_CREATE | XATTR_REPLACE));
    show("unknown flag", setxattr("f", "user.c", "x", 1, 4));
    show("remove", removexattr("f", "user.a"));
    show("remove again", removexattr("f", "user.a"));
    show("65536 bytes", setxattr("f", "user.large", large, 65536, 0));
    show("get", getxattr("f", "user.large", large, sizeof large));
    show("65537 bytes", setxattr("f", "user.large", large, 65537, 0));
    show("remove", removexattr("f", "user.large"));
    show("bad value", setxattr("f", "user.c", (void*)8, 4, 0));
    show("bad name", setxattr("f", (char*)8, "x", 1, 0));
    show("bad target", getxattr("f", "user.b", (void*)8, 0));
    setxattr("f", "user.b", "x", 1, 0);
    show("bad target", getxattr("f", "user.b", (void*)8, 4));
    int const file = open("f", O_RDONLY);
    show("of a descriptor", fsetxattr(file, "user.d", "fd", 2, 0));
    show("get", fgetxattr(file, "user.d", text, sizeof text));
    show("remove", fremovexattr(file, "user.d"));
    show("of a place", fgetxattr(open("f", O_PATH), "user.b", text, sizeof text));
    show("closed", fgetxattr(77, "user.b", text, sizeof text));
    show("nothing", getxattr("nothing", "user.b", text, sizeof text));
    return 0;
}
