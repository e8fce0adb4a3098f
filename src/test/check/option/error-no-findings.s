// -E alone is no error.
//# options: -E
//# expect: none
        .text
caller: ret
