/** Errors of engines: typed, and without a word of the engine's own, for engines quote cells. */
import { GauzeError } from '../errors.ts';

/** Everything that goes wrong after the charge, whatever it was: the kind of failure would be an answer too. */
export function failed(): GauzeError {
  return new GauzeError('ENGINE_FAILED', {
    message: 'The question could not be computed. What was charged stays charged.',
    next: 'Ask the data holder to look at memory, disk and data files. The same question asked again is charged again.',
  });
}

/** A plan that cannot be printed for the engine. Nothing is charged yet. */
export function unprepared(): GauzeError {
  return new GauzeError('INTERNAL_INVARIANT', {
    message: 'The question could not be written for the engine. Nothing was charged.',
    next: 'Report this with the question; it is a defect of gauze. Asked in another way it may be answered.',
  });
}

export function timedOut(milliseconds: number): GauzeError {
  return new GauzeError('ENGINE_TIMEOUT', {
    message: `The question took longer than ${milliseconds} ms and was stopped. What was charged stays charged.`,
    next: 'Give a longer timeout, or ask a smaller question.',
    fields: { timeout: milliseconds },
  });
}

export function aborted(): GauzeError {
  return new GauzeError('ENGINE_ABORTED', {
    message: 'The question was stopped on request. What was charged stays charged.',
    next: 'Ask again when you want the answer.',
  });
}

export function unavailable(message: string, next: string): GauzeError {
  return new GauzeError('ENGINE_UNAVAILABLE', { message, next });
}

/** A policy that does not fit the data it describes. */
export function unfit(place: string, message: string, next: string): GauzeError {
  return new GauzeError('POLICY_INVALID', { message: `${place}: ${message}`, next, fields: { place } });
}

/** Rows of public tables: how many there are is no secret. */
export function tooManyRows(most: number): GauzeError {
  return new GauzeError('QUERY_TOO_LARGE', {
    message: `This question reads more than ${most} rows of public tables into its answer.`,
    next: 'Count or group them, add a condition, or end with LIMIT.',
  });
}
