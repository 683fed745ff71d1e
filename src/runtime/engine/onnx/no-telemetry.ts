// Verb: keeps onnxruntime from reporting home. From 1.30 on it reads the machine's id and the command line, keeps a database in
// ~/.cache/Microsoft, and ends the process where the command line is long: 2,000 names of images overflow the stack of its reader.

/** Before the first worker or process that loads onnxruntime begins: they take the environment along. A person may say otherwise. */
process.env.ORT_DISABLE_TELEMETRY ??= '1';
