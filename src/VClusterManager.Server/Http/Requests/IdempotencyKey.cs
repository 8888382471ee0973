using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Primitives;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Http.Responses;

namespace VClusterManager.Server.Http.Requests;

/// <summary>The header <c>Idempotency-Key</c>. A route handler takes it as a parameter.</summary>
/// <param name="Text"><see langword="null"/>: not given.</param>
internal sealed record IdempotencyKey(string? Text) : IDescribedParameter
{
    public const string Header = "Idempotency-Key";
    public const int MaxLength = 255;

    public static IReadOnlyList<DescribedParameter> Describe() =>
        [
            new(
                Header,
                "header",
                $"1 to {MaxLength} printable characters. The same key with the same request gives the same answer for 24 h; with another request it is refused."
            )
            {
                Max = MaxLength,
                Example = "pipeline-4711-create",
            },
        ];

    public static Outcome<IdempotencyKey> Read(StringValues header)
    {
        if (header.Count == 0)
        {
            return new IdempotencyKey(Text: null);
        }

        return header is [{ Length: > 0 and <= MaxLength } key] && key.All(c => c is >= ' ' and <= '~')
            ? new IdempotencyKey(key)
            : ProblemResults.Invalid(Header, $"must be given once, with 1 to {MaxLength} printable characters");
    }

    public static ValueTask<IdempotencyKey> BindAsync(HttpContext context, ParameterInfo parameter) =>
        Bound.OrRefused(Read(context.Request.Headers[Header]));

    /// <summary>
    /// Tells whether two requests with the same key are the same request. The body counts by what was read from it:
    /// blanks and the order of fields make no difference. Nor does the query, which only says how long to wait.
    /// </summary>
    /// <returns>SHA-256 of method, path and body.</returns>
    public static string HashOf<T>(HttpRequest request, T body)
    {
        var line = $"{request.Method} {request.PathBase}{request.Path}\n";
        byte[] text = [.. Encoding.UTF8.GetBytes(line), .. JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Options)];
        return Convert.ToHexStringLower(SHA256.HashData(text));
    }
}
