// All kinds of C types: bit-fields, flexible and nested arrays, enums of every size and sign, prototypes, qualifiers,
// per-CPU variables, types inside of functions.
typedef unsigned long u64; typedef _Bool bool; typedef unsigned char u8;
struct fwd; struct only_fwd; union ufwd; enum efwd;
struct bits { int a:3; int b:5; unsigned c:24; u64 d:1; u64 e:63; u8 f:2; bool g:1; enum e1 {X,Y,Z=-5} h:4; };
struct bits2 { u64 a:8; u64 b:1; char c:1; short d:2; int :3; int e:7; } __attribute__((packed));
union ub { int x:3; long y; struct { int in1; union { char c; int d; }; }; };
struct flex { int n; struct fwd *p; int data[]; };
struct flex0 { int n; int data[0]; int m[3][4][5]; char *names[2][0]; };
enum big { B1 = 0x100000000ULL, B2 }; enum neg { N1=-1, N2=0x7fffffff }; enum un { U1=0xffffffff, U2=1 }; enum __attribute__((packed)) sm { S1, S2 };
enum bigneg { BN1 = -0x100000000LL, BN2 };
typedef int (*fn_t)(const char *fmt, ...); typedef void (*fv)(void); typedef int (*noproto)();
float fl; double db; long double ld; __int128 i128; 
struct fwd { int x; struct flex *f; volatile const int *vc; void *restrict r; void (*cb)(struct only_fwd *, union ufwd *); };
static inline int inl(int a, int b) { return a + b; }
__attribute__((noinline)) static int st(struct fwd *f, fn_t fn, noproto n) { static __attribute__((section(".data..percpu"))) int pcstatic = 4; n(1); return fn("x", f->x, pcstatic++); }
__attribute__((section(".data..percpu"))) struct bits pcv = {1};
__attribute__((section(".data..percpu"))) int pcarr[4] = {1};
static __attribute__((section(".data..percpu"))) u64 pcl = 4;
struct bits *gb; struct bits2 *gb2; union ub *gu; struct flex0 *gf0; enum big *eb; enum neg *en; enum un *eu; enum sm *es; enum bigneg *ebn; fv gfv; enum efwd *gef;
int vla(int n, int m) { int a[n][m]; struct local { int q; struct bits z; } l; int (*pa)[n] = a; a[0][0] = n; l.q=(*pa)[0]; return l.q + a[n-1][0]; }
int var(int x, ...) { return x + inl(x, 2); }
_Noreturn void nor(void) { for(;;); }
int main2(struct fwd *f, fn_t fn, noproto np) { pcl++; pcarr[1]=2; return st(f, fn, np) + vla(3,4); }
struct { int anon1; struct { long z; } s; } gan; typedef struct { int q; } tdan; tdan gtd; typedef enum { TA, TB } tde; tde gte; 
const volatile int cvi; int *const *volatile pcp; char carr[] = "abc"; typedef int arr_t[7]; arr_t ga; typedef int vec4 __attribute__((vector_size(16))); vec4 gv;
typedef void nothing; nothing *gnt;
#ifdef __clang__
#define tag(t) __attribute__((btf_type_tag(t)))
int tag("user") *tagged; int tag("a") tag("b") *twice; struct fwd tag("rcu") *tag("percpu") *chain; struct holder { int tag("user") *m; void tag("user") *v; } gh;
int taker(const char tag("user") *p) { return *p; }
__attribute__((section(".data..percpu"))) __attribute__((btf_decl_tag("one"))) __attribute__((btf_decl_tag("two"))) int tagged_pc = 3;
__attribute__((section(".data..percpu"))) __attribute__((btf_decl_tag("one"))) int tagged_too = 3;
#endif
