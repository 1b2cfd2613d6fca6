// 1 MiB is fetched (Verge has it in its cache, workerd asks the origin) and returned as it is.
export default {
  fetch(request) {
    return fetch(request);
  },
};
