using System.Net;
using System.Text;

namespace VClusterManager.Server.Webhooks.Deliveries;

/// <summary>The JSON inside a body. Pure.</summary>
internal static class DeliveryBody
{
    public const string Form = "application/x-www-form-urlencoded";

    private const string Field = "payload=";

    /// <summary>GitHub can put it into a form; what is signed is the form.</summary>
    public static ReadOnlyMemory<byte> Json(string contentType, byte[] body)
    {
        if (!contentType.StartsWith(Form, StringComparison.OrdinalIgnoreCase))
        {
            return body;
        }

        var field = Encoding
            .UTF8.GetString(body)
            .Split('&')
            .FirstOrDefault(part => part.StartsWith(Field, StringComparison.Ordinal));
        return Encoding.UTF8.GetBytes(WebUtility.UrlDecode(field?[Field.Length..]) ?? "");
    }
}
