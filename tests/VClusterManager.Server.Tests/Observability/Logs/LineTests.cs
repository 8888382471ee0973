using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Shouldly;
using VClusterManager.Server.Observability.Logs;
using Xunit;

namespace VClusterManager.Server.Tests.Observability.Logs;

public sealed class LineTests
{
    private readonly LoggerExternalScopeProvider _scopes = new();

    [Fact]
    public void JSON_is_one_object_on_one_line_with_values_and_ids_apart()
    {
        using var request = _scopes.Push(Fields(("RequestId", "0HN:1"), ("trace_id", "outer")));
        using var work = _scopes.Push(Fields(("operation_id", Guid.Empty), ("claim_epoch", 7L), ("trace_id", "inner")));

        var line = Write(new JsonLines(), "two\nlines of \"{Name}\"", ("Name", "a\"b"), ("CreatedBy", null));

        line.ShouldEndWith("}\n");
        line.Count(c => c == '\n').ShouldBe(1);
        var json = JsonNode.Parse(line)!.AsObject();
        json["time"]!.GetValue<string>().ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$");
        json["level"]!.GetValue<string>().ShouldBe("warning");
        json["category"]!.GetValue<string>().ShouldBe("Tests");
        json["message"]!.GetValue<string>().ShouldBe("two\nlines of \"{Name}\"");
        json["fields"]!.ToJsonString().ShouldBe("""{"name":"a\u0022b","created_by":null}""");
        json["operation_id"]!.GetValue<string>().ShouldBe(Guid.Empty.ToString());
        json["claim_epoch"]!.GetValue<long>().ShouldBe(7);
        json["trace_id"]!.GetValue<string>().ShouldBe("inner");
        json["exception"]!.GetValue<string>().ShouldContain("InvalidTimeZoneException");
        json.ContainsKey("request_id").ShouldBeFalse();
    }

    [Fact]
    public void A_line_for_people_is_one_line_whatever_is_in_it()
    {
        using var work = _scopes.Push(Fields(("operation_id", 12), ("cluster", "a\r\nb")));

        var line = Write(new ConsoleLines(), "two\nlines");

        line.Count(c => c == '\n').ShouldBe(1);
        line.ShouldMatch(
            @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\dZ warn: Tests\[0\] two lines \[operation_id=12 cluster=a b\] System\.InvalidTimeZoneException"
        );
    }

    private string Write(ConsoleFormatter formatter, string message, params (string Name, object? Value)[] values)
    {
        using StringWriter text = new();
        LogEntry<KeyValuePair<string, object?>[]> entry = new(
            LogLevel.Warning,
            "Tests",
            eventId: 0,
            Fields([.. values, ("{OriginalFormat}", message)]),
            new InvalidTimeZoneException("why"),
            (_, _) => message
        );
        formatter.Write(in entry, _scopes, text);
        return text.ToString();
    }

    private static KeyValuePair<string, object?>[] Fields(params (string Name, object? Value)[] fields) =>
        [.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))];
}
