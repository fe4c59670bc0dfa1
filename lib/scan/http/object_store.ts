/**
 * What answers of object stores have: Amazon S3 and its like, Google, Azure, Swift. Others say whatever
 * they want, but what is no store does not say this.
 */
const MARKS = [
  "x-amz-request-id",
  "x-amz-id-2",
  "x-goog-stored-content-length",
  "x-guploader-uploadid",
  "x-ms-request-id",
  "x-ms-blob-type",
  "x-openstack-request-id",
  "x-trans-id",
];

/** Whether an answer is an object store's, so that `Last-Modified` is the time of the upload. */
export function isObjectStore(headers: Headers): boolean {
  return MARKS.some((name) => headers.has(name));
}
