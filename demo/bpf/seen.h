// What the BPF programs of attach.bpf.c tell attach.c: their only variable, the one value of the map .bss.

struct seen {
    unsigned process;                   // the process that counts; attach.c sets it

    unsigned writes, name_length;       // on_write
    unsigned long long inode;
    unsigned forks, thread, thread_process, thread_execs;       // on_fork; the last one is the bit in_execve
    unsigned execs, program_execs;      // on_exec; the same bit of who calls execve
    unsigned greetings, times, said, closed;    // on_greeting
};

// How many bytes attach.c writes, as nobody else does.
enum { WRITTEN = 4321 };
