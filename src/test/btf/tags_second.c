// The types of tags_first.c, with tags that it does not have; a name that means something else here.
#ifdef __clang__
#define tag(t) __attribute__((btf_decl_tag(t)))
#else
#define tag(t)
#endif
struct tagged { int a tag("first") tag("more"); int b tag("more"); struct tagged *n; int bits:3; struct { int in; } s; union { int q; long r; }; };
union tag("union") tag("another") either { int x; long y; };
typedef struct { int z tag("z"); } tag("nameless") named_t tag("name");
named_t named[3];
static int tag("another static") is_inlined(int a tag("b"), int b) { return 5; }
int (*keeps_too)(int, int) = is_inlined;
int second_uses(struct tagged *a, union either *b tag("b")) { return a->a + b->x; }
struct chip; struct tag("user") user { struct chip *chip tag("chip"); };
struct tag("two") chip { long two tag("two"); };
struct user user_of_two;
