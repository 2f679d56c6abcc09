package shanhai;

import de.bwaldvogel.mongo.backend.KeyValue;
import org.h2.mvstore.type.ObjectDataType;

/**
 * Keys of unique indexes. The store orders keys that it does not know by their serialised bytes, and serialises both for
 * every comparison: a third of all the server's time. The order of keys of one plain text is told without that; it is the
 * same, so that maps written either way are read either way.
 */
final class IndexKeyType extends ObjectDataType {

    /** From here on Java writes a text in another form. */
    private static final int LONG_TEXT = 65_536;

    @Override
    public int compare(Object left, Object right) {
        String a = plainText(left);
        String b = plainText(right);
        if (a == null || b == null) {
            return super.compare(left, right);
        }
        // The bytes of a serialised text begin with its length.
        int order = a.length() == b.length() ? a.compareTo(b) : a.length() - b.length();
        return Integer.signum(order);
    }

    /** The text of a key that is one text of as many bytes as characters; null for any other. */
    private static String plainText(Object key) {
        if (!(key instanceof KeyValue value) || value.size() != 1 || !(value.get(0) instanceof String text)) {
            return null;
        }
        if (text.length() >= LONG_TEXT) {
            return null;
        }
        for (int place = 0; place < text.length(); place++) {
            char character = text.charAt(place);
            if (character == 0 || character > 0x7f) {
                return null;
            }
        }
        return text;
    }
}
