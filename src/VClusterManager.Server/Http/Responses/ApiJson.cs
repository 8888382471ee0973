using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VClusterManager.Server.Http.Responses;

/// <summary>
/// JSON as the API speaks it: snake_case, times in UTC ending in Z, numbers as numbers. What a request body holds must
/// be known and given once, so that a typing error in an optional field does not pass in silence.
/// </summary>
internal static class ApiJson
{
    /// <summary>A string in an object of any form has half a character in it.</summary>
    public const string NoText = "A string is no text: it holds half a character.";

    /// <summary>As the framework begins to say it elsewhere.</summary>
    private const string GivenTwice = "Duplicate properties are not allowed.";

    /// <summary>For answers that are written by hand: streams, stored answers, hashes.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        // The answers are never put into HTML, and messages are full of quotes.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new UtcTimeConverter());
        options.Converters.Add(new FreeObjectConverter());
    }

    private static JsonSerializerOptions Create()
    {
        JsonSerializerOptions options = new(JsonSerializerDefaults.Web);
        Apply(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>Objects of any form: the framework's own converter fails on a field that is given twice.</summary>
    private sealed class FreeObjectConverter : JsonConverter<JsonObject>
    {
        // Forbidding duplicates has the object read at once: half a character in a string is then found here, too.
        private static readonly JsonSerializerOptions Plain = new() { AllowDuplicateProperties = false };

        public override JsonObject? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException();
            }

            try
            {
                return JsonSerializer.Deserialize<JsonObject>(ref reader, Plain);
            }
            catch (ArgumentException e)
            {
                throw new JsonException(GivenTwice, e);
            }
            catch (JsonException e)
            {
                // Its form was looked at when it was read in: what is left is a string.
                throw new JsonException(NoText, e);
            }
        }

        public override void Write(Utf8JsonWriter writer, JsonObject value, JsonSerializerOptions options) =>
            value.WriteTo(writer, options);
    }

    /// <summary>Times are read with any offset, but never without one, and written as UTC.</summary>
    private sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        )
        {
            // A DateTime tells whether an offset was written; a DateTimeOffset would silently take the server's own.
            if (
                reader.TokenType == JsonTokenType.String
                && reader.TryGetDateTime(out var time)
                && time.Kind != DateTimeKind.Unspecified
            )
            {
                return new DateTimeOffset(time.ToUniversalTime());
            }

            throw new JsonException();
        }

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(
                value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)
            );
    }
}
