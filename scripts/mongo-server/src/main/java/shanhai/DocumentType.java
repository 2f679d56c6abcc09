package shanhai;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.ObjectDataType;

/**
 * Documents as they stand in the file: BSON, as they came. The store by itself uses Java's serialisation, which takes
 * several times as long, and a commit writes all documents of every page that changed. Reads both.
 */
final class DocumentType extends ObjectDataType {

    /** Begins a document in BSON; no type of the store's own has this number. */
    private static final byte BSON = 0x7b;
    /** What a document is taken for before any was written, bytes. */
    private static final int USUAL_BYTES = 1_024;
    /** An object in memory is about so many times as large as in the file. */
    private static final int SPREAD = 2;

    private volatile int averageBytes = USUAL_BYTES;

    @Override
    public int getMemory(Object value) {
        return value instanceof Document ? SPREAD * averageBytes : super.getMemory(value);
    }

    @Override
    public void write(WriteBuffer out, Object value) {
        if (!(value instanceof Document document)) {
            super.write(out, value);
            return;
        }
        ByteBuf bson = Unpooled.buffer(USUAL_BYTES);
        BsonEncoder.encodeDocument(document, bson);
        int bytes = bson.readableBytes();
        averageBytes = (int) ((bytes + 15L * averageBytes) / 16);
        out.put(BSON).putVarInt(bytes).put(bson.array(), bson.arrayOffset() + bson.readerIndex(), bytes);
    }

    @Override
    public Object read(ByteBuffer in) {
        if (in.get(in.position()) != BSON) {
            return super.read(in);
        }
        in.get();
        int bytes = DataUtils.readVarInt(in);
        Document document = BsonDecoder.decodeBson(Unpooled.wrappedBuffer(in.slice(in.position(), bytes)));
        in.position(in.position() + bytes);
        return document;
    }
}
