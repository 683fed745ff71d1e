"""Runs a command in a terminal of its own and plays a person at it.

python3 person.py STEPS COMMAND...; STEPS is JSON, a list of steps in order:
  ["see", REGEXP]   wait until the text so far matches, from where the last step left off
  ["type", TEXT]    press keys
  ["wait", SECONDS]
  ["signal", NAME]  send a signal to the command
  ["close"]         close the terminal
Prints JSON: the text, and the exit code as a shell sees it (128 + number of the signal that ended it). A step that does not come within 60
seconds ends the trial with exit code 3.
"""

import fcntl, json, os, pty, re, select, signal, struct, sys, termios, time

steps, command = json.loads(sys.argv[1]), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.environ.pop("CI", None)
    os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", NO_COLOR="1")
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))

text, seen, is_open = "", 0, True


def read(seconds):
    """Takes what the command writes; False where there will be no more."""
    global text
    if not is_open:
        time.sleep(min(seconds, 0.05))
        return False
    if not select.select([terminal], [], [], seconds)[0]:
        return True
    try:
        data = os.read(terminal, 65536)
    except OSError:
        return False
    text += data.decode("utf-8", "replace")
    return data != b""


for kind, *rest in steps:
    until = time.time() + 60
    if kind == "see":
        while True:
            match = re.search(rest[0], text[seen:])
            if match:
                seen += match.end()
                break
            if time.time() > until or not read(0.05):
                sys.stderr.write(f"not seen: {rest[0]}\n{text[-3000:]}\n")
                os.kill(pid, signal.SIGKILL)
                sys.exit(3)
    elif kind == "type":
        os.write(terminal, rest[0].encode())
    elif kind == "wait":
        until = time.time() + rest[0]
        while time.time() < until:
            read(0.05)
    elif kind == "signal":
        os.kill(pid, getattr(signal, rest[0]))
    elif kind == "close":
        os.close(terminal)
        is_open = False

while read(0.05):
    pass
_, status = os.waitpid(pid, 0)
code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
print(json.dumps({"text": text, "code": code}))
