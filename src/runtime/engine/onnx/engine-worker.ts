// Worker entry: serves the engine's calls.
import { parentPort } from 'node:worker_threads';
import { portChannel } from '../../channel.ts';
import { serve } from './serve.ts';

if (parentPort) serve(portChannel(parentPort));
