export { msgpackCodec as msgpack } from "@parlance/protocol/msgpack";
