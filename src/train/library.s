# Linked only because something refers to it, as from a kernel's lib.a.

        .text
        .globl  on_demand
        .type   on_demand, @function
on_demand:
        ret
        .size   on_demand, . - on_demand
