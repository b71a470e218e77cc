/**
 * The field of a content in which a dialect keeps what the core has no field for, so that it comes back as it was. People's
 * clients of other dialects can't set it: it would show those of that dialect something else than everybody sees.
 */
export const keptField = "rc";
