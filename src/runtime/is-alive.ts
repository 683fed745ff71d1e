// Verb: the number of a process on this machine → whether it lives. What it left half done is another's to clear away only when it is gone.

/** A process of another user, which answers EPERM, lives. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};
