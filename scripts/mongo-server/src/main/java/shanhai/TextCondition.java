package shanhai;

import de.bwaldvogel.mongo.bson.Document;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a query asks of one field, as far as that narrows down which documents can match: certain texts, or all between
 * two. Any other question narrows nothing. Only a text or a list can match it: no other value equals a text, or is
 * greater or less than one.
 *
 * @param values these only; null where a range is asked for
 * @param from nothing before this one; null for no such bound
 * @param to nothing after this one; null for no such bound
 */
record TextCondition(Collection<String> values, String from, String to) {

    private static final Set<String> BOUNDS = Set.of("$gt", "$gte", "$lt", "$lte");
    /** May stand beside bounds, and would only narrow them further. */
    private static final String NOT_EQUAL = "$ne";

    /** The condition of a query on a field, from its own entry or from one within its {@code $and}. */
    static Optional<TextCondition> of(Document query, String field) {
        if (query.containsKey(field)) {
            return read(query.get(field));
        }
        if (!(query.get("$and") instanceof List<?> parts)) {
            return Optional.empty();
        }
        return parts.stream()
            .flatMap(part -> part instanceof Document document ? of(document, field).stream() : Stream.empty())
            .findFirst();
    }

    private static Optional<TextCondition> read(Object asked) {
        if (asked instanceof String text) {
            return Optional.of(new TextCondition(List.of(text), null, null));
        }
        if (!(asked instanceof Document operators)) {
            return Optional.empty();
        }
        return operators.keySet().equals(Set.of("$in")) ? listed(operators.get("$in")) : between(operators);
    }

    private static Optional<TextCondition> listed(Object asked) {
        if (!(asked instanceof Collection<?> values) || !values.stream().allMatch(String.class::isInstance)) {
            return Optional.empty();
        }
        Set<String> texts = new TreeSet<>();
        values.forEach(value -> texts.add((String) value));
        return Optional.of(new TextCondition(texts, null, null));
    }

    private static Optional<TextCondition> between(Document operators) {
        String from = null;
        String to = null;
        for (Map.Entry<String, Object> operator : operators.entrySet()) {
            if (operator.getKey().equals(NOT_EQUAL)) {
                continue;
            }
            if (!BOUNDS.contains(operator.getKey()) || !(operator.getValue() instanceof String value)) {
                return Optional.empty();
            }
            if (operator.getKey().startsWith("$g")) {
                from = from == null || from.compareTo(value) < 0 ? value : from;
            } else {
                to = to == null || to.compareTo(value) > 0 ? value : to;
            }
        }
        return from == null && to == null ? Optional.empty() : Optional.of(new TextCondition(null, from, to));
    }
}
