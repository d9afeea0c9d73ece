const undos = new Set<() => void>();

process.on("exit", () => {
  for (const undo of [...undos].reverse()) {
    try {
      undo();
    } catch {
      // The others have to be undone nevertheless.
    }
  }
});

/**
 * Undoes something when the process ends before its own end undid it, as after Ctrl-C.
 * @param undo runs synchronously: nothing else does while a process ends
 * @returns a function that takes note that it is undone
 */
export function undoAtExit(undo: () => void): () => void {
  undos.add(undo);
  return () => void undos.delete(undo);
}
