//# machine: powerpc64le
//# compare: ld
//# audit:
//# ignore: section..got.* (the first word of GNU ld's holds r2's value, which nobody reads)
//# ignore: segment.0.* (with it)
//# ignore: content..got (with it)
//# ignore: symbol..TOC.* (its name, where nobody names it)
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x10000000;
  .text : { *(.text) }
  .data : { *(.data) }
  .got : ALIGN(256) { *(.got .toc) }
  /DISCARD/ : { *(.note.GNU-stack .glink .rela.plt .plt .iplt .branch_lt) }
}
//# object: a.o
# An address and the load or store that alone uses it become one instruction where there is one; all forms, and what is left alone: other registers, forms with update, what is too far.
.machine power10
.globl _start
_start:
.balign 8
1: pld 9, data@got@pcrel
 lwz 4, 0(9)
 .reloc 1b, R_PPC64_PCREL_OPT, 0
.balign 8
2: pla 9, data+4@pcrel
 lwz 4, 16(9)
 .reloc 2b, R_PPC64_PCREL_OPT, 0
.balign 8
3: pld 9, data@got@pcrel
 lwz 4, -32(9)
 .reloc 3b, R_PPC64_PCREL_OPT, 8
.balign 8
4: pla 9, data+4@pcrel
 lwz 4, 32736(9)
 .reloc 4b, R_PPC64_PCREL_OPT, 0
.balign 8
5: pld 9, data@got@pcrel
 lwz 4, 32(10)
 .reloc 5b, R_PPC64_PCREL_OPT, 0
.balign 8
6: pla 9, data+4@pcrel
 nop; nop
 lwz 4, 48(9)
 .reloc 6b, R_PPC64_PCREL_OPT, 16
.balign 8
7: pld 9, data@got@pcrel
 lbz 4, 0(9)
 .reloc 7b, R_PPC64_PCREL_OPT, 0
.balign 8
8: pla 9, data+4@pcrel
 lbz 4, 16(9)
 .reloc 8b, R_PPC64_PCREL_OPT, 0
.balign 8
9: pld 9, data@got@pcrel
 lbz 4, -32(9)
 .reloc 9b, R_PPC64_PCREL_OPT, 8
.balign 8
10: pla 9, data+4@pcrel
 lbz 4, 32736(9)
 .reloc 10b, R_PPC64_PCREL_OPT, 0
.balign 8
11: pld 9, data@got@pcrel
 lbz 4, 32(10)
 .reloc 11b, R_PPC64_PCREL_OPT, 0
.balign 8
12: pla 9, data+4@pcrel
 nop; nop
 lbz 4, 48(9)
 .reloc 12b, R_PPC64_PCREL_OPT, 16
.balign 8
13: pld 9, data@got@pcrel
 stw 4, 0(9)
 .reloc 13b, R_PPC64_PCREL_OPT, 0
.balign 8
14: pla 9, data+4@pcrel
 stw 4, 16(9)
 .reloc 14b, R_PPC64_PCREL_OPT, 0
.balign 8
15: pld 9, data@got@pcrel
 stw 4, -32(9)
 .reloc 15b, R_PPC64_PCREL_OPT, 8
.balign 8
16: pla 9, data+4@pcrel
 stw 4, 32736(9)
 .reloc 16b, R_PPC64_PCREL_OPT, 0
.balign 8
17: pld 9, data@got@pcrel
 stw 4, 32(10)
 .reloc 17b, R_PPC64_PCREL_OPT, 0
.balign 8
18: pla 9, data+4@pcrel
 nop; nop
 stw 4, 48(9)
 .reloc 18b, R_PPC64_PCREL_OPT, 16
.balign 8
19: pld 9, data@got@pcrel
 stb 4, 0(9)
 .reloc 19b, R_PPC64_PCREL_OPT, 0
.balign 8
20: pla 9, data+4@pcrel
 stb 4, 16(9)
 .reloc 20b, R_PPC64_PCREL_OPT, 0
.balign 8
21: pld 9, data@got@pcrel
 stb 4, -32(9)
 .reloc 21b, R_PPC64_PCREL_OPT, 8
.balign 8
22: pla 9, data+4@pcrel
 stb 4, 32736(9)
 .reloc 22b, R_PPC64_PCREL_OPT, 0
.balign 8
23: pld 9, data@got@pcrel
 stb 4, 32(10)
 .reloc 23b, R_PPC64_PCREL_OPT, 0
.balign 8
24: pla 9, data+4@pcrel
 nop; nop
 stb 4, 48(9)
 .reloc 24b, R_PPC64_PCREL_OPT, 16
.balign 8
25: pld 9, data@got@pcrel
 lhz 4, 0(9)
 .reloc 25b, R_PPC64_PCREL_OPT, 0
.balign 8
26: pla 9, data+4@pcrel
 lhz 4, 16(9)
 .reloc 26b, R_PPC64_PCREL_OPT, 0
.balign 8
27: pld 9, data@got@pcrel
 lhz 4, -32(9)
 .reloc 27b, R_PPC64_PCREL_OPT, 8
.balign 8
28: pla 9, data+4@pcrel
 lhz 4, 32736(9)
 .reloc 28b, R_PPC64_PCREL_OPT, 0
.balign 8
29: pld 9, data@got@pcrel
 lhz 4, 32(10)
 .reloc 29b, R_PPC64_PCREL_OPT, 0
.balign 8
30: pla 9, data+4@pcrel
 nop; nop
 lhz 4, 48(9)
 .reloc 30b, R_PPC64_PCREL_OPT, 16
.balign 8
31: pld 9, data@got@pcrel
 lha 4, 0(9)
 .reloc 31b, R_PPC64_PCREL_OPT, 0
.balign 8
32: pla 9, data+4@pcrel
 lha 4, 16(9)
 .reloc 32b, R_PPC64_PCREL_OPT, 0
.balign 8
33: pld 9, data@got@pcrel
 lha 4, -32(9)
 .reloc 33b, R_PPC64_PCREL_OPT, 8
.balign 8
34: pla 9, data+4@pcrel
 lha 4, 32736(9)
 .reloc 34b, R_PPC64_PCREL_OPT, 0
.balign 8
35: pld 9, data@got@pcrel
 lha 4, 32(10)
 .reloc 35b, R_PPC64_PCREL_OPT, 0
.balign 8
36: pla 9, data+4@pcrel
 nop; nop
 lha 4, 48(9)
 .reloc 36b, R_PPC64_PCREL_OPT, 16
.balign 8
37: pld 9, data@got@pcrel
 sth 4, 0(9)
 .reloc 37b, R_PPC64_PCREL_OPT, 0
.balign 8
38: pla 9, data+4@pcrel
 sth 4, 16(9)
 .reloc 38b, R_PPC64_PCREL_OPT, 0
.balign 8
39: pld 9, data@got@pcrel
 sth 4, -32(9)
 .reloc 39b, R_PPC64_PCREL_OPT, 8
.balign 8
40: pla 9, data+4@pcrel
 sth 4, 32736(9)
 .reloc 40b, R_PPC64_PCREL_OPT, 0
.balign 8
41: pld 9, data@got@pcrel
 sth 4, 32(10)
 .reloc 41b, R_PPC64_PCREL_OPT, 0
.balign 8
42: pla 9, data+4@pcrel
 nop; nop
 sth 4, 48(9)
 .reloc 42b, R_PPC64_PCREL_OPT, 16
.balign 8
43: pld 9, data@got@pcrel
 lfs 4, 0(9)
 .reloc 43b, R_PPC64_PCREL_OPT, 0
.balign 8
44: pla 9, data+4@pcrel
 lfs 4, 16(9)
 .reloc 44b, R_PPC64_PCREL_OPT, 0
.balign 8
45: pld 9, data@got@pcrel
 lfs 4, -32(9)
 .reloc 45b, R_PPC64_PCREL_OPT, 8
.balign 8
46: pla 9, data+4@pcrel
 lfs 4, 32736(9)
 .reloc 46b, R_PPC64_PCREL_OPT, 0
.balign 8
47: pld 9, data@got@pcrel
 lfs 4, 32(10)
 .reloc 47b, R_PPC64_PCREL_OPT, 0
.balign 8
48: pla 9, data+4@pcrel
 nop; nop
 lfs 4, 48(9)
 .reloc 48b, R_PPC64_PCREL_OPT, 16
.balign 8
49: pld 9, data@got@pcrel
 lfd 4, 0(9)
 .reloc 49b, R_PPC64_PCREL_OPT, 0
.balign 8
50: pla 9, data+4@pcrel
 lfd 4, 16(9)
 .reloc 50b, R_PPC64_PCREL_OPT, 0
.balign 8
51: pld 9, data@got@pcrel
 lfd 4, -32(9)
 .reloc 51b, R_PPC64_PCREL_OPT, 8
.balign 8
52: pla 9, data+4@pcrel
 lfd 4, 32736(9)
 .reloc 52b, R_PPC64_PCREL_OPT, 0
.balign 8
53: pld 9, data@got@pcrel
 lfd 4, 32(10)
 .reloc 53b, R_PPC64_PCREL_OPT, 0
.balign 8
54: pla 9, data+4@pcrel
 nop; nop
 lfd 4, 48(9)
 .reloc 54b, R_PPC64_PCREL_OPT, 16
.balign 8
55: pld 9, data@got@pcrel
 stfs 4, 0(9)
 .reloc 55b, R_PPC64_PCREL_OPT, 0
.balign 8
56: pla 9, data+4@pcrel
 stfs 4, 16(9)
 .reloc 56b, R_PPC64_PCREL_OPT, 0
.balign 8
57: pld 9, data@got@pcrel
 stfs 4, -32(9)
 .reloc 57b, R_PPC64_PCREL_OPT, 8
.balign 8
58: pla 9, data+4@pcrel
 stfs 4, 32736(9)
 .reloc 58b, R_PPC64_PCREL_OPT, 0
.balign 8
59: pld 9, data@got@pcrel
 stfs 4, 32(10)
 .reloc 59b, R_PPC64_PCREL_OPT, 0
.balign 8
60: pla 9, data+4@pcrel
 nop; nop
 stfs 4, 48(9)
 .reloc 60b, R_PPC64_PCREL_OPT, 16
.balign 8
61: pld 9, data@got@pcrel
 stfd 4, 0(9)
 .reloc 61b, R_PPC64_PCREL_OPT, 0
.balign 8
62: pla 9, data+4@pcrel
 stfd 4, 16(9)
 .reloc 62b, R_PPC64_PCREL_OPT, 0
.balign 8
63: pld 9, data@got@pcrel
 stfd 4, -32(9)
 .reloc 63b, R_PPC64_PCREL_OPT, 8
.balign 8
64: pla 9, data+4@pcrel
 stfd 4, 32736(9)
 .reloc 64b, R_PPC64_PCREL_OPT, 0
.balign 8
65: pld 9, data@got@pcrel
 stfd 4, 32(10)
 .reloc 65b, R_PPC64_PCREL_OPT, 0
.balign 8
66: pla 9, data+4@pcrel
 nop; nop
 stfd 4, 48(9)
 .reloc 66b, R_PPC64_PCREL_OPT, 16
.balign 8
67: pld 9, data@got@pcrel
 ld 4, 0(9)
 .reloc 67b, R_PPC64_PCREL_OPT, 0
.balign 8
68: pla 9, data+4@pcrel
 ld 4, 16(9)
 .reloc 68b, R_PPC64_PCREL_OPT, 0
.balign 8
69: pld 9, data@got@pcrel
 ld 4, -32(9)
 .reloc 69b, R_PPC64_PCREL_OPT, 8
.balign 8
70: pla 9, data+4@pcrel
 ld 4, 32736(9)
 .reloc 70b, R_PPC64_PCREL_OPT, 0
.balign 8
71: pld 9, data@got@pcrel
 ld 4, 32(10)
 .reloc 71b, R_PPC64_PCREL_OPT, 0
.balign 8
72: pla 9, data+4@pcrel
 nop; nop
 ld 4, 48(9)
 .reloc 72b, R_PPC64_PCREL_OPT, 16
.balign 8
73: pld 9, data@got@pcrel
 lwa 4, 0(9)
 .reloc 73b, R_PPC64_PCREL_OPT, 0
.balign 8
74: pla 9, data+4@pcrel
 lwa 4, 16(9)
 .reloc 74b, R_PPC64_PCREL_OPT, 0
.balign 8
75: pld 9, data@got@pcrel
 lwa 4, -32(9)
 .reloc 75b, R_PPC64_PCREL_OPT, 8
.balign 8
76: pla 9, data+4@pcrel
 lwa 4, 32736(9)
 .reloc 76b, R_PPC64_PCREL_OPT, 0
.balign 8
77: pld 9, data@got@pcrel
 lwa 4, 32(10)
 .reloc 77b, R_PPC64_PCREL_OPT, 0
.balign 8
78: pla 9, data+4@pcrel
 nop; nop
 lwa 4, 48(9)
 .reloc 78b, R_PPC64_PCREL_OPT, 16
.balign 8
79: pld 9, data@got@pcrel
 std 4, 0(9)
 .reloc 79b, R_PPC64_PCREL_OPT, 0
.balign 8
80: pla 9, data+4@pcrel
 std 4, 16(9)
 .reloc 80b, R_PPC64_PCREL_OPT, 0
.balign 8
81: pld 9, data@got@pcrel
 std 4, -32(9)
 .reloc 81b, R_PPC64_PCREL_OPT, 8
.balign 8
82: pla 9, data+4@pcrel
 std 4, 32736(9)
 .reloc 82b, R_PPC64_PCREL_OPT, 0
.balign 8
83: pld 9, data@got@pcrel
 std 4, 32(10)
 .reloc 83b, R_PPC64_PCREL_OPT, 0
.balign 8
84: pla 9, data+4@pcrel
 nop; nop
 std 4, 48(9)
 .reloc 84b, R_PPC64_PCREL_OPT, 16
.balign 8
85: pld 9, data@got@pcrel
 lwzu 4, 0(9)
 .reloc 85b, R_PPC64_PCREL_OPT, 0
.balign 8
86: pla 9, data+4@pcrel
 lwzu 4, 16(9)
 .reloc 86b, R_PPC64_PCREL_OPT, 0
.balign 8
87: pld 9, data@got@pcrel
 lwzu 4, -32(9)
 .reloc 87b, R_PPC64_PCREL_OPT, 8
.balign 8
88: pla 9, data+4@pcrel
 lwzu 4, 32736(9)
 .reloc 88b, R_PPC64_PCREL_OPT, 0
.balign 8
89: pld 9, data@got@pcrel
 lwzu 4, 32(10)
 .reloc 89b, R_PPC64_PCREL_OPT, 0
.balign 8
90: pla 9, data+4@pcrel
 nop; nop
 lwzu 4, 48(9)
 .reloc 90b, R_PPC64_PCREL_OPT, 16
.balign 8
91: pld 9, data@got@pcrel
 lbzu 4, 0(9)
 .reloc 91b, R_PPC64_PCREL_OPT, 0
.balign 8
92: pla 9, data+4@pcrel
 lbzu 4, 16(9)
 .reloc 92b, R_PPC64_PCREL_OPT, 0
.balign 8
93: pld 9, data@got@pcrel
 lbzu 4, -32(9)
 .reloc 93b, R_PPC64_PCREL_OPT, 8
.balign 8
94: pla 9, data+4@pcrel
 lbzu 4, 32736(9)
 .reloc 94b, R_PPC64_PCREL_OPT, 0
.balign 8
95: pld 9, data@got@pcrel
 lbzu 4, 32(10)
 .reloc 95b, R_PPC64_PCREL_OPT, 0
.balign 8
96: pla 9, data+4@pcrel
 nop; nop
 lbzu 4, 48(9)
 .reloc 96b, R_PPC64_PCREL_OPT, 16
.balign 8
97: pld 9, data@got@pcrel
 stwu 4, 0(9)
 .reloc 97b, R_PPC64_PCREL_OPT, 0
.balign 8
98: pla 9, data+4@pcrel
 stwu 4, 16(9)
 .reloc 98b, R_PPC64_PCREL_OPT, 0
.balign 8
99: pld 9, data@got@pcrel
 stwu 4, -32(9)
 .reloc 99b, R_PPC64_PCREL_OPT, 8
.balign 8
100: pla 9, data+4@pcrel
 stwu 4, 32736(9)
 .reloc 100b, R_PPC64_PCREL_OPT, 0
.balign 8
101: pld 9, data@got@pcrel
 stwu 4, 32(10)
 .reloc 101b, R_PPC64_PCREL_OPT, 0
.balign 8
102: pla 9, data+4@pcrel
 nop; nop
 stwu 4, 48(9)
 .reloc 102b, R_PPC64_PCREL_OPT, 16
.balign 8
103: pld 9, data@got@pcrel
 lhau 4, 0(9)
 .reloc 103b, R_PPC64_PCREL_OPT, 0
.balign 8
104: pla 9, data+4@pcrel
 lhau 4, 16(9)
 .reloc 104b, R_PPC64_PCREL_OPT, 0
.balign 8
105: pld 9, data@got@pcrel
 lhau 4, -32(9)
 .reloc 105b, R_PPC64_PCREL_OPT, 8
.balign 8
106: pla 9, data+4@pcrel
 lhau 4, 32736(9)
 .reloc 106b, R_PPC64_PCREL_OPT, 0
.balign 8
107: pld 9, data@got@pcrel
 lhau 4, 32(10)
 .reloc 107b, R_PPC64_PCREL_OPT, 0
.balign 8
108: pla 9, data+4@pcrel
 nop; nop
 lhau 4, 48(9)
 .reloc 108b, R_PPC64_PCREL_OPT, 16
.balign 8
109: pld 9, data@got@pcrel
 lfdu 4, 0(9)
 .reloc 109b, R_PPC64_PCREL_OPT, 0
.balign 8
110: pla 9, data+4@pcrel
 lfdu 4, 16(9)
 .reloc 110b, R_PPC64_PCREL_OPT, 0
.balign 8
111: pld 9, data@got@pcrel
 lfdu 4, -32(9)
 .reloc 111b, R_PPC64_PCREL_OPT, 8
.balign 8
112: pla 9, data+4@pcrel
 lfdu 4, 32736(9)
 .reloc 112b, R_PPC64_PCREL_OPT, 0
.balign 8
113: pld 9, data@got@pcrel
 lfdu 4, 32(10)
 .reloc 113b, R_PPC64_PCREL_OPT, 0
.balign 8
114: pla 9, data+4@pcrel
 nop; nop
 lfdu 4, 48(9)
 .reloc 114b, R_PPC64_PCREL_OPT, 16
.balign 8
115: pld 9, data@got@pcrel
 ldu 4, 0(9)
 .reloc 115b, R_PPC64_PCREL_OPT, 0
.balign 8
116: pla 9, data+4@pcrel
 ldu 4, 16(9)
 .reloc 116b, R_PPC64_PCREL_OPT, 0
.balign 8
117: pld 9, data@got@pcrel
 ldu 4, -32(9)
 .reloc 117b, R_PPC64_PCREL_OPT, 8
.balign 8
118: pla 9, data+4@pcrel
 ldu 4, 32736(9)
 .reloc 118b, R_PPC64_PCREL_OPT, 0
.balign 8
119: pld 9, data@got@pcrel
 ldu 4, 32(10)
 .reloc 119b, R_PPC64_PCREL_OPT, 0
.balign 8
120: pla 9, data+4@pcrel
 nop; nop
 ldu 4, 48(9)
 .reloc 120b, R_PPC64_PCREL_OPT, 16
.balign 8
121: pld 9, data@got@pcrel
 stdu 4, 0(9)
 .reloc 121b, R_PPC64_PCREL_OPT, 0
.balign 8
122: pla 9, data+4@pcrel
 stdu 4, 16(9)
 .reloc 122b, R_PPC64_PCREL_OPT, 0
.balign 8
123: pld 9, data@got@pcrel
 stdu 4, -32(9)
 .reloc 123b, R_PPC64_PCREL_OPT, 8
.balign 8
124: pla 9, data+4@pcrel
 stdu 4, 32736(9)
 .reloc 124b, R_PPC64_PCREL_OPT, 0
.balign 8
125: pld 9, data@got@pcrel
 stdu 4, 32(10)
 .reloc 125b, R_PPC64_PCREL_OPT, 0
.balign 8
126: pla 9, data+4@pcrel
 nop; nop
 stdu 4, 48(9)
 .reloc 126b, R_PPC64_PCREL_OPT, 16
.balign 8
127: pld 9, data@got@pcrel
 lxsd 4, 0(9)
 .reloc 127b, R_PPC64_PCREL_OPT, 0
.balign 8
128: pla 9, data+4@pcrel
 lxsd 4, 16(9)
 .reloc 128b, R_PPC64_PCREL_OPT, 0
.balign 8
129: pld 9, data@got@pcrel
 lxsd 4, -32(9)
 .reloc 129b, R_PPC64_PCREL_OPT, 8
.balign 8
130: pla 9, data+4@pcrel
 lxsd 4, 32736(9)
 .reloc 130b, R_PPC64_PCREL_OPT, 0
.balign 8
131: pld 9, data@got@pcrel
 lxsd 4, 32(10)
 .reloc 131b, R_PPC64_PCREL_OPT, 0
.balign 8
132: pla 9, data+4@pcrel
 nop; nop
 lxsd 4, 48(9)
 .reloc 132b, R_PPC64_PCREL_OPT, 16
.balign 8
133: pld 9, data@got@pcrel
 lxssp 4, 0(9)
 .reloc 133b, R_PPC64_PCREL_OPT, 0
.balign 8
134: pla 9, data+4@pcrel
 lxssp 4, 16(9)
 .reloc 134b, R_PPC64_PCREL_OPT, 0
.balign 8
135: pld 9, data@got@pcrel
 lxssp 4, -32(9)
 .reloc 135b, R_PPC64_PCREL_OPT, 8
.balign 8
136: pla 9, data+4@pcrel
 lxssp 4, 32736(9)
 .reloc 136b, R_PPC64_PCREL_OPT, 0
.balign 8
137: pld 9, data@got@pcrel
 lxssp 4, 32(10)
 .reloc 137b, R_PPC64_PCREL_OPT, 0
.balign 8
138: pla 9, data+4@pcrel
 nop; nop
 lxssp 4, 48(9)
 .reloc 138b, R_PPC64_PCREL_OPT, 16
.balign 8
139: pld 9, data@got@pcrel
 stxsd 4, 0(9)
 .reloc 139b, R_PPC64_PCREL_OPT, 0
.balign 8
140: pla 9, data+4@pcrel
 stxsd 4, 16(9)
 .reloc 140b, R_PPC64_PCREL_OPT, 0
.balign 8
141: pld 9, data@got@pcrel
 stxsd 4, -32(9)
 .reloc 141b, R_PPC64_PCREL_OPT, 8
.balign 8
142: pla 9, data+4@pcrel
 stxsd 4, 32736(9)
 .reloc 142b, R_PPC64_PCREL_OPT, 0
.balign 8
143: pld 9, data@got@pcrel
 stxsd 4, 32(10)
 .reloc 143b, R_PPC64_PCREL_OPT, 0
.balign 8
144: pla 9, data+4@pcrel
 nop; nop
 stxsd 4, 48(9)
 .reloc 144b, R_PPC64_PCREL_OPT, 16
.balign 8
145: pld 9, data@got@pcrel
 stxssp 4, 0(9)
 .reloc 145b, R_PPC64_PCREL_OPT, 0
.balign 8
146: pla 9, data+4@pcrel
 stxssp 4, 16(9)
 .reloc 146b, R_PPC64_PCREL_OPT, 0
.balign 8
147: pld 9, data@got@pcrel
 stxssp 4, -32(9)
 .reloc 147b, R_PPC64_PCREL_OPT, 8
.balign 8
148: pla 9, data+4@pcrel
 stxssp 4, 32736(9)
 .reloc 148b, R_PPC64_PCREL_OPT, 0
.balign 8
149: pld 9, data@got@pcrel
 stxssp 4, 32(10)
 .reloc 149b, R_PPC64_PCREL_OPT, 0
.balign 8
150: pla 9, data+4@pcrel
 nop; nop
 stxssp 4, 48(9)
 .reloc 150b, R_PPC64_PCREL_OPT, 16
.balign 8
151: pld 9, data@got@pcrel
 lxv 4, 0(9)
 .reloc 151b, R_PPC64_PCREL_OPT, 0
.balign 8
152: pla 9, data+4@pcrel
 lxv 4, 16(9)
 .reloc 152b, R_PPC64_PCREL_OPT, 0
.balign 8
153: pld 9, data@got@pcrel
 lxv 4, -32(9)
 .reloc 153b, R_PPC64_PCREL_OPT, 8
.balign 8
154: pla 9, data+4@pcrel
 lxv 4, 32736(9)
 .reloc 154b, R_PPC64_PCREL_OPT, 0
.balign 8
155: pld 9, data@got@pcrel
 lxv 4, 32(10)
 .reloc 155b, R_PPC64_PCREL_OPT, 0
.balign 8
156: pla 9, data+4@pcrel
 nop; nop
 lxv 4, 48(9)
 .reloc 156b, R_PPC64_PCREL_OPT, 16
.balign 8
157: pld 9, data@got@pcrel
 stxv 4, 0(9)
 .reloc 157b, R_PPC64_PCREL_OPT, 0
.balign 8
158: pla 9, data+4@pcrel
 stxv 4, 16(9)
 .reloc 158b, R_PPC64_PCREL_OPT, 0
.balign 8
159: pld 9, data@got@pcrel
 stxv 4, -32(9)
 .reloc 159b, R_PPC64_PCREL_OPT, 8
.balign 8
160: pla 9, data+4@pcrel
 stxv 4, 32736(9)
 .reloc 160b, R_PPC64_PCREL_OPT, 0
.balign 8
161: pld 9, data@got@pcrel
 stxv 4, 32(10)
 .reloc 161b, R_PPC64_PCREL_OPT, 0
.balign 8
162: pla 9, data+4@pcrel
 nop; nop
 stxv 4, 48(9)
 .reloc 162b, R_PPC64_PCREL_OPT, 16
.balign 8
163: pld 9, data@got@pcrel
 lxvp 4, 0(9)
 .reloc 163b, R_PPC64_PCREL_OPT, 0
.balign 8
164: pla 9, data+4@pcrel
 lxvp 4, 16(9)
 .reloc 164b, R_PPC64_PCREL_OPT, 0
.balign 8
165: pld 9, data@got@pcrel
 lxvp 4, -32(9)
 .reloc 165b, R_PPC64_PCREL_OPT, 8
.balign 8
166: pla 9, data+4@pcrel
 lxvp 4, 32736(9)
 .reloc 166b, R_PPC64_PCREL_OPT, 0
.balign 8
167: pld 9, data@got@pcrel
 lxvp 4, 32(10)
 .reloc 167b, R_PPC64_PCREL_OPT, 0
.balign 8
168: pla 9, data+4@pcrel
 nop; nop
 lxvp 4, 48(9)
 .reloc 168b, R_PPC64_PCREL_OPT, 16
.balign 8
169: pld 9, data@got@pcrel
 stxvp 4, 0(9)
 .reloc 169b, R_PPC64_PCREL_OPT, 0
.balign 8
170: pla 9, data+4@pcrel
 stxvp 4, 16(9)
 .reloc 170b, R_PPC64_PCREL_OPT, 0
.balign 8
171: pld 9, data@got@pcrel
 stxvp 4, -32(9)
 .reloc 171b, R_PPC64_PCREL_OPT, 8
.balign 8
172: pla 9, data+4@pcrel
 stxvp 4, 32736(9)
 .reloc 172b, R_PPC64_PCREL_OPT, 0
.balign 8
173: pld 9, data@got@pcrel
 stxvp 4, 32(10)
 .reloc 173b, R_PPC64_PCREL_OPT, 0
.balign 8
174: pla 9, data+4@pcrel
 nop; nop
 stxvp 4, 48(9)
 .reloc 174b, R_PPC64_PCREL_OPT, 16
.balign 8
175: pld 9, data@got@pcrel
 lq 4, 0(9)
 .reloc 175b, R_PPC64_PCREL_OPT, 0
.balign 8
176: pla 9, data+4@pcrel
 lq 4, 16(9)
 .reloc 176b, R_PPC64_PCREL_OPT, 0
.balign 8
177: pld 9, data@got@pcrel
 lq 4, -32(9)
 .reloc 177b, R_PPC64_PCREL_OPT, 8
.balign 8
178: pla 9, data+4@pcrel
 lq 4, 32736(9)
 .reloc 178b, R_PPC64_PCREL_OPT, 0
.balign 8
179: pld 9, data@got@pcrel
 lq 4, 32(10)
 .reloc 179b, R_PPC64_PCREL_OPT, 0
.balign 8
180: pla 9, data+4@pcrel
 nop; nop
 lq 4, 48(9)
 .reloc 180b, R_PPC64_PCREL_OPT, 16
.balign 8
181: pld 9, data@got@pcrel
 stq 4, 0(9)
 .reloc 181b, R_PPC64_PCREL_OPT, 0
.balign 8
182: pla 9, data+4@pcrel
 stq 4, 16(9)
 .reloc 182b, R_PPC64_PCREL_OPT, 0
.balign 8
183: pld 9, data@got@pcrel
 stq 4, -32(9)
 .reloc 183b, R_PPC64_PCREL_OPT, 8
.balign 8
184: pla 9, data+4@pcrel
 stq 4, 32736(9)
 .reloc 184b, R_PPC64_PCREL_OPT, 0
.balign 8
185: pld 9, data@got@pcrel
 stq 4, 32(10)
 .reloc 185b, R_PPC64_PCREL_OPT, 0
.balign 8
186: pla 9, data+4@pcrel
 nop; nop
 stq 4, 48(9)
 .reloc 186b, R_PPC64_PCREL_OPT, 16
.balign 8
187: pld 9, data@got@pcrel
 plwz 4, 0(9)
 .reloc 187b, R_PPC64_PCREL_OPT, 0
.balign 8
188: pla 9, data+4@pcrel
 plwz 4, 16(9)
 .reloc 188b, R_PPC64_PCREL_OPT, 0
.balign 8
189: pld 9, data@got@pcrel
 plwz 4, -32(9)
 .reloc 189b, R_PPC64_PCREL_OPT, 8
.balign 8
190: pla 9, data+4@pcrel
 plwz 4, 32736(9)
 .reloc 190b, R_PPC64_PCREL_OPT, 0
.balign 8
191: pld 9, data@got@pcrel
 plwz 4, 32(10)
 .reloc 191b, R_PPC64_PCREL_OPT, 0
.balign 8
192: pla 9, data+4@pcrel
 nop; nop
 plwz 4, 48(9)
 .reloc 192b, R_PPC64_PCREL_OPT, 16
.balign 8
193: pld 9, data@got@pcrel
 pld 4, 0(9)
 .reloc 193b, R_PPC64_PCREL_OPT, 0
.balign 8
194: pla 9, data+4@pcrel
 pld 4, 16(9)
 .reloc 194b, R_PPC64_PCREL_OPT, 0
.balign 8
195: pld 9, data@got@pcrel
 pld 4, -32(9)
 .reloc 195b, R_PPC64_PCREL_OPT, 8
.balign 8
196: pla 9, data+4@pcrel
 pld 4, 32736(9)
 .reloc 196b, R_PPC64_PCREL_OPT, 0
.balign 8
197: pld 9, data@got@pcrel
 pld 4, 32(10)
 .reloc 197b, R_PPC64_PCREL_OPT, 0
.balign 8
198: pla 9, data+4@pcrel
 nop; nop
 pld 4, 48(9)
 .reloc 198b, R_PPC64_PCREL_OPT, 16
.balign 8
199: pld 9, data@got@pcrel
 pstd 4, 0(9)
 .reloc 199b, R_PPC64_PCREL_OPT, 0
.balign 8
200: pla 9, data+4@pcrel
 pstd 4, 16(9)
 .reloc 200b, R_PPC64_PCREL_OPT, 0
.balign 8
201: pld 9, data@got@pcrel
 pstd 4, -32(9)
 .reloc 201b, R_PPC64_PCREL_OPT, 8
.balign 8
202: pla 9, data+4@pcrel
 pstd 4, 32736(9)
 .reloc 202b, R_PPC64_PCREL_OPT, 0
.balign 8
203: pld 9, data@got@pcrel
 pstd 4, 32(10)
 .reloc 203b, R_PPC64_PCREL_OPT, 0
.balign 8
204: pla 9, data+4@pcrel
 nop; nop
 pstd 4, 48(9)
 .reloc 204b, R_PPC64_PCREL_OPT, 16
.balign 8
205: pld 9, data@got@pcrel
 plxv 4, 0(9)
 .reloc 205b, R_PPC64_PCREL_OPT, 0
.balign 8
206: pla 9, data+4@pcrel
 plxv 4, 16(9)
 .reloc 206b, R_PPC64_PCREL_OPT, 0
.balign 8
207: pld 9, data@got@pcrel
 plxv 4, -32(9)
 .reloc 207b, R_PPC64_PCREL_OPT, 8
.balign 8
208: pla 9, data+4@pcrel
 plxv 4, 32736(9)
 .reloc 208b, R_PPC64_PCREL_OPT, 0
.balign 8
209: pld 9, data@got@pcrel
 plxv 4, 32(10)
 .reloc 209b, R_PPC64_PCREL_OPT, 0
.balign 8
210: pla 9, data+4@pcrel
 nop; nop
 plxv 4, 48(9)
 .reloc 210b, R_PPC64_PCREL_OPT, 16
.balign 8
211: pld 9, data@got@pcrel
 pstxv 4, 0(9)
 .reloc 211b, R_PPC64_PCREL_OPT, 0
.balign 8
212: pla 9, data+4@pcrel
 pstxv 4, 16(9)
 .reloc 212b, R_PPC64_PCREL_OPT, 0
.balign 8
213: pld 9, data@got@pcrel
 pstxv 4, -32(9)
 .reloc 213b, R_PPC64_PCREL_OPT, 8
.balign 8
214: pla 9, data+4@pcrel
 pstxv 4, 32736(9)
 .reloc 214b, R_PPC64_PCREL_OPT, 0
.balign 8
215: pld 9, data@got@pcrel
 pstxv 4, 32(10)
 .reloc 215b, R_PPC64_PCREL_OPT, 0
.balign 8
216: pla 9, data+4@pcrel
 nop; nop
 pstxv 4, 48(9)
 .reloc 216b, R_PPC64_PCREL_OPT, 16
.balign 8
217: pld 9, data@got@pcrel
 plfd 4, 0(9)
 .reloc 217b, R_PPC64_PCREL_OPT, 0
.balign 8
218: pla 9, data+4@pcrel
 plfd 4, 16(9)
 .reloc 218b, R_PPC64_PCREL_OPT, 0
.balign 8
219: pld 9, data@got@pcrel
 plfd 4, -32(9)
 .reloc 219b, R_PPC64_PCREL_OPT, 8
.balign 8
220: pla 9, data+4@pcrel
 plfd 4, 32736(9)
 .reloc 220b, R_PPC64_PCREL_OPT, 0
.balign 8
221: pld 9, data@got@pcrel
 plfd 4, 32(10)
 .reloc 221b, R_PPC64_PCREL_OPT, 0
.balign 8
222: pla 9, data+4@pcrel
 nop; nop
 plfd 4, 48(9)
 .reloc 222b, R_PPC64_PCREL_OPT, 16
.balign 8
223: pld 9, data@got@pcrel
 plxvp 4, 0(9)
 .reloc 223b, R_PPC64_PCREL_OPT, 0
.balign 8
224: pla 9, data+4@pcrel
 plxvp 4, 16(9)
 .reloc 224b, R_PPC64_PCREL_OPT, 0
.balign 8
225: pld 9, data@got@pcrel
 plxvp 4, -32(9)
 .reloc 225b, R_PPC64_PCREL_OPT, 8
.balign 8
226: pla 9, data+4@pcrel
 plxvp 4, 32736(9)
 .reloc 226b, R_PPC64_PCREL_OPT, 0
.balign 8
227: pld 9, data@got@pcrel
 plxvp 4, 32(10)
 .reloc 227b, R_PPC64_PCREL_OPT, 0
.balign 8
228: pla 9, data+4@pcrel
 nop; nop
 plxvp 4, 48(9)
 .reloc 228b, R_PPC64_PCREL_OPT, 16
.balign 8
229: pld 9, data@got@pcrel
 paddi 4,9,0
 .reloc 229b, R_PPC64_PCREL_OPT, 0
.balign 8
230: pla 9, data+4@pcrel
 paddi 4,9,16
 .reloc 230b, R_PPC64_PCREL_OPT, 0
.balign 8
231: pld 9, data@got@pcrel
 paddi 4,9,-32
 .reloc 231b, R_PPC64_PCREL_OPT, 8
.balign 8
232: pla 9, data+4@pcrel
 paddi 4,9,32736
 .reloc 232b, R_PPC64_PCREL_OPT, 0
.balign 8
233: pld 9, data@got@pcrel
 paddi 4,10,32
 .reloc 233b, R_PPC64_PCREL_OPT, 0
.balign 8
234: pla 9, data+4@pcrel
 nop; nop
 paddi 4,9,48
 .reloc 234b, R_PPC64_PCREL_OPT, 16
.data
.globl data
data: .quad 1
.section .toc,"aw"
.quad data
