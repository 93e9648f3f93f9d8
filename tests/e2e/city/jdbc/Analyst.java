import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * What an analyst's client does with the file: lists tables and columns with their remarks, and runs the questions in it.
 *
 * <p>Prints a line each, parted by tabs: engine, version; table, schema, name, remarks; column, schema, table, name, type,
 * remarks; answer, question, values; refused, what a statement that writes was told.
 */
public class Analyst {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] arguments) throws SQLException {
        Properties readOnly = new Properties();
        readOnly.setProperty("duckdb.read_only", "true");
        try (Connection file = DriverManager.getConnection("jdbc:duckdb:" + arguments[0], readOnly)) {
            say("engine", file.getMetaData().getDatabaseProductVersion());
            list(file);
            for (Map.Entry<String, String> question : questions(file).entrySet()) {
                answer(file, question.getKey(), question.getValue());
            }
            write(file);
        }
    }

    private static void list(Connection file) throws SQLException {
        try (ResultSet tables = file.getMetaData().getTables(file.getCatalog(), null, "%", null)) {
            while (tables.next()) {
                say("table", tables.getString("TABLE_SCHEM"), tables.getString("TABLE_NAME"), tables.getString("REMARKS"));
            }
        }
        try (ResultSet columns = file.getMetaData().getColumns(file.getCatalog(), null, "%", "%")) {
            while (columns.next()) {
                say("column", columns.getString("TABLE_SCHEM"), columns.getString("TABLE_NAME"),
                    columns.getString("COLUMN_NAME"), columns.getString("TYPE_NAME"), columns.getString("REMARKS"));
            }
        }
    }

    private static Map<String, String> questions(Connection file) throws SQLException {
        Map<String, String> found = new LinkedHashMap<>();
        try (Statement asked = file.createStatement();
            ResultSet rows = asked.executeQuery("select name, sql from marts.questions")) {
            while (rows.next()) {
                found.put(rows.getString(1), rows.getString(2));
            }
        }
        return found;
    }

    private static void answer(Connection file, String name, String query) throws SQLException {
        try (Statement asked = file.createStatement(); ResultSet rows = asked.executeQuery(query)) {
            while (rows.next()) {
                List<String> words = new ArrayList<>(List.of("answer", name));
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    words.add(rows.getString(column));
                }
                say(words.toArray(String[]::new));
            }
        }
    }

    private static void write(Connection file) {
        try (Statement asked = file.createStatement()) {
            asked.execute("drop table marts.questions");
            say("written", "");
        } catch (SQLException refused) {
            say("refused", refused.getMessage());
        }
    }

    private static void say(String... words) {
        List<String> line = new ArrayList<>();
        for (String word : words) {
            line.add(word == null ? "\\N" : word.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t"));
        }
        OUT.println(String.join("\t", line));
    }
}
